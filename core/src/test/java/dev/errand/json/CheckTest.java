package dev.errand.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.errand.error.Violation;
import dev.errand.task.RepositoryName;
import jakarta.validation.Validation;
import jakarta.validation.ValidatorFactory;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import jakarta.validation.metadata.ConstraintDescriptor;
import jakarta.validation.metadata.PropertyDescriptor;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;
import org.junit.jupiter.api.Test;

/** Declared constraints, as the wire tells a violation of each (contract C3). */
class CheckTest {

    @SuppressWarnings("unused") // Only what is declared at them counts.
    private static final class Declared {
        @NotNull private final String present = "";
        @NotBlank private final String text = "";

        @Size(max = 3)
        private final String few = "";

        @Size(min = 1, max = 3)
        private final String some = "";

        @Size(min = 2)
        private final String atLeastTwo = "";

        @Size(max = 2)
        private final List<String> fewElements = List.of();

        @Size(min = 1, max = 2)
        private final List<String> someElements = List.of();

        @NotEmpty private final List<String> elements = List.of();

        @NotEmpty(message = "Name one at least.")
        private final List<String> named = List.of();

        @Min(3)
        private final Long least = 3L;

        @Max(5)
        private final Long most = 5L;

        @Positive private final Long count = 1L;

        private final Optional<@RepositoryName String> own = Optional.empty();
    }

    @Test
    void presenceIsSeenToElsewhere() {
        assertThat(Check.of(declaredAt("present"))).isEmpty();
    }

    @Test
    void aTextIsNotBlank() {
        assertThat(of("text", "x")).isEmpty();
        assertThat(of("text", "")).hasValue("blank: This field may not be blank.");
    }

    @Test
    void charactersAreCountedAndNotTheirHalves() {
        assertThat(of("few", "")).isEmpty();
        assertThat(of("few", "abc")).isEmpty();
        assertThat(of("few", "\ud83d\ude00\ud83d\ude00\ud83d\ude00")).isEmpty();
        assertThat(of("few", "abcd"))
                .hasValue("max_length: Ensure this field has no more than 3 characters.");
        assertThat(of("some", "abcd"))
                .hasValue("max_length: Ensure this field has no more than 3 characters.");
    }

    @Test
    void aTextThatMayBeLeftOutIsNotBlank() {
        assertThat(of("some", "a")).isEmpty();
        assertThat(of("some", "")).hasValue("blank: This field may not be blank.");
    }

    @Test
    void elementsAreCounted() {
        assertThat(of("fewElements", List.of())).isEmpty();
        assertThat(of("fewElements", List.of("", ""))).isEmpty();
        assertThat(of("fewElements", List.of("", "", "")))
                .hasValue("max_length: Ensure this field has no more than 2 elements.");
        assertThat(of("someElements", List.of(""))).isEmpty();
        assertThat(of("someElements", List.of())).hasValue("empty: This list may not be empty.");
    }

    @Test
    void anEmptyListIsToldInItsOwnWordsWhereItHasSome() {
        assertThat(of("elements", List.of(""))).isEmpty();
        assertThat(of("elements", List.of())).hasValue("empty: This list may not be empty.");
        assertThat(of("named", List.of(""))).isEmpty();
        assertThat(of("named", List.of())).hasValue("invalid_input: Name one at least.");
    }

    @Test
    void aNumberIsWithinItsBounds() {
        assertThat(of("least", 3L)).isEmpty();
        assertThat(of("least", 2L))
                .hasValue("min_value: Ensure this value is greater than or equal to 3.");
        assertThat(of("most", 5L)).isEmpty();
        assertThat(of("most", 6L))
                .hasValue("max_value: Ensure this value is less than or equal to 5.");
    }

    @Test
    void aConstraintOfTheDomainSpeaksForItself() {
        assertThat(of("own", "a/b")).isEmpty();
        assertThat(of("own", "ab"))
                .hasValue(
                        "invalid_input: Repository must be in the format organization/repository");
    }

    @Test
    void aConstraintWithoutWordsIsAMistake() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Check.of(declaredAt("atLeastTwo")))
                .withMessageContaining("no words");
        assertThatIllegalStateException()
                .isThrownBy(() -> Check.of(declaredAt("count")))
                .withMessageContaining("no words for @interface");
    }

    private static Optional<String> of(String member, Object value) {
        Check check = Check.of(declaredAt(member)).orElseThrow();
        Optional<Violation> violation = check.violation(value, "attr");
        violation.ifPresent(it -> assertThat(it.attr()).hasValue("attr"));
        return violation.map(it -> it.code().wire() + ": " + it.detail());
    }

    private static ConstraintDescriptor<?> declaredAt(String member) {
        try (ValidatorFactory factory =
                Validation.byDefaultProvider()
                        .configure()
                        .messageInterpolator(new ParameterMessageInterpolator())
                        .buildValidatorFactory()) {
            PropertyDescriptor property =
                    factory.getValidator()
                            .getConstraintsForClass(Declared.class)
                            .getConstraintsForProperty(member);
            return Stream.concat(
                            property.getConstraintDescriptors().stream(),
                            property.getConstrainedContainerElementTypes().stream()
                                    .flatMap(it -> it.getConstraintDescriptors().stream()))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
