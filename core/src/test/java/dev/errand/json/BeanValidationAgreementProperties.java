package dev.errand.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.error.Violation;
import dev.errand.json.Requests.Outcome;
import dev.errand.spi.JsonText;
import dev.errand.spi.run.PermissionMode;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import jakarta.validation.ValidatorFactory;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;

/**
 * The declarations on the requests are the rules that their constructors keep: a host that puts its
 * own Bean Validation before them gets the same verdicts.
 *
 * <p>The texts are trimmed, as a request's texts are, and of the first plane: Bean Validation
 * counts the units of UTF-16, where the contract counts characters.
 */
class BeanValidationAgreementProperties {

    private static final ValidatorFactory FACTORY =
            Validation.byDefaultProvider()
                    .configure()
                    .messageInterpolator(new ParameterMessageInterpolator())
                    .buildValidatorFactory();

    private static final Validator VALIDATOR = FACTORY.getValidator();

    @AfterContainer
    static void close() {
        FACTORY.close();
    }

    /** A request that is valid but perhaps for one member. */
    private record Given(Requests request, String member, Object value) {

        /**
         * What the constructor says of the member; the rules between members are kept out of it.
         */
        List<Violation> refusal() {
            ObjectNode body = request.body();
            if (member.equals("origin_product") || member.equals("signal_report")) {
                body.remove("signal_report_task_relationship");
            }
            Record valid = request.read(body.toString());
            Outcome outcome =
                    Outcome.of(() -> request.with(valid, request.component(member), value));
            return outcome.violations();
        }

        /** What a validator says of the member. */
        Set<? extends ConstraintViolation<? extends Record>> verdict() {
            return VALIDATOR.validateValue(
                    request.type(), request.component(member).getName(), value);
        }
    }

    @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
    void aValidatorAgreesWithTheConstructor(@ForAll("given") Given given) {
        List<Violation> refusal = given.refusal();
        assertThat(given.verdict().isEmpty())
                .as("refused: %s, validator: %s", refusal, given.verdict())
                .isEqualTo(refusal.isEmpty());
        assertThat(refusal)
                .allMatch(
                        violation ->
                                violation
                                        .attr()
                                        .orElseThrow()
                                        .split("__")[0]
                                        .equals(given.member()));
    }

    /** Where a declaration has a text of its own, it is the contract's. */
    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void theTextsOfTheDomainsOwnConstraintsAreTheWires(@ForAll("given") Given given) {
        List<String> details = given.refusal().stream().map(Violation::detail).toList();
        given.verdict().stream()
                .filter(violation -> !violation.getMessageTemplate().startsWith("{"))
                .filter(violation -> given.verdict().size() == 1)
                .forEach(violation -> assertThat(details).containsExactly(violation.getMessage()));
    }

    @Provide
    Arbitrary<Given> given() {
        return Arbitraries.of(Requests.values())
                .flatMap(
                        request ->
                                Arbitraries.of(request.members())
                                        .flatMap(
                                                member ->
                                                        values(request, member)
                                                                .map(
                                                                        value ->
                                                                                new Given(
                                                                                        request,
                                                                                        member,
                                                                                        value))));
    }

    private static Arbitrary<?> values(Requests request, String member) {
        RecordComponent component = request.component(member);
        boolean isTied = member.equals("runtime_adapter") || member.equals("model");
        return values(
                        component.getGenericType(),
                        component.isAnnotationPresent(JsonObjectValue.class))
                .filter(value -> !(isTied && value.equals(Optional.empty())));
    }

    private static Arbitrary<?> values(Type type, boolean isJsonObject) {
        if (type instanceof ParameterizedType container) {
            Arbitrary<?> element = values(container.getActualTypeArguments()[0], isJsonObject);
            if (container.getRawType() == List.class) {
                return element.list().ofMaxSize(3);
            }
            return container.getRawType() == Optional.class ? element.optional() : patches(element);
        }
        if (type == String.class) {
            return texts();
        }
        if (type == Boolean.class) {
            return Arbitraries.of(true, false);
        }
        if (type == Long.class || type == long.class) {
            return Arbitraries.oneOf(
                    Arbitraries.longs(), Arbitraries.of(0L, 1L, 31_457_280L, 31_457_281L));
        }
        if (type == UUID.class) {
            return Combinators.combine(Arbitraries.longs(), Arbitraries.longs()).as(UUID::new);
        }
        if (type == JsonText.class) {
            return Arbitraries.of(
                            isJsonObject
                                    ? List.of("{}", "{\"a\":1}")
                                    : List.of(
                                            "{}",
                                            "{\"type\":\"object\"}",
                                            "{\"type\":5}",
                                            "[]",
                                            "true",
                                            "\"x\"",
                                            "5"))
                    .map(JsonText::of);
        }
        if (type == PermissionMode.class) {
            // Of the adapter in the valid request: what another one knows is a rule between
            // members.
            return Arbitraries.of(PermissionMode.DEFAULT, PermissionMode.PLAN);
        }
        Class<?> raw = (Class<?>) type;
        if (raw.isEnum()) {
            return Arbitraries.of(raw.getEnumConstants());
        }
        return Arbitraries.of(item(raw));
    }

    /** An item that is a request of its own exists only valid. */
    private static Object item(Class<?> type) {
        for (Requests request : Requests.values()) {
            if (request.type() == type) {
                return request.read(request.body().toString());
            }
        }
        throw new AssertionError("no values of " + type);
    }

    private static <T> Arbitrary<Patch<T>> patches(Arbitrary<T> values) {
        return Arbitraries.frequencyOf(
                Tuple.of(1, Arbitraries.just(Patch.<T>absent())),
                Tuple.of(1, Arbitraries.just(Patch.<T>clear())),
                Tuple.of(6, values.map(Patch::set)));
    }

    private static Arbitrary<String> texts() {
        Arbitrary<Character> firstPlane =
                Arbitraries.chars().filter(one -> one != 0 && !Character.isSurrogate(one));
        List<Integer> lengths = new ArrayList<>();
        for (int limit : new int[] {64, 100, 128, 255, 500}) {
            lengths.addAll(List.of(limit - 1, limit, limit + 1));
        }
        Arbitrary<String> free =
                firstPlane.list().ofMaxSize(10).map(BeanValidationAgreementProperties::text);
        Arbitrary<String> atLimits =
                Combinators.combine(Arbitraries.of(lengths), firstPlane)
                        .as((length, one) -> one.toString().repeat(length));
        Arbitrary<String> repository =
                Combinators.combine(
                                Arbitraries.of("", "o", "org "),
                                Arbitraries.of("", "/", "//"),
                                Arbitraries.of("", "r", "r/s", "r".repeat(253), "r".repeat(254)))
                        .as((owner, slash, name) -> owner + slash + name);
        return Arbitraries.oneOf(free, atLimits, repository, Arbitraries.of("", " "))
                .map(Text::trim);
    }

    private static String text(List<Character> characters) {
        StringBuilder text = new StringBuilder();
        characters.forEach(text::append);
        return text.toString();
    }
}
