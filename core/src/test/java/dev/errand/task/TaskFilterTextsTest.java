package dev.errand.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.store.RepositoryMatch;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaskFilterTextsTest {

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n"})
    void aBlankTextIsNotAFilter(String query) {
        assertThat(TaskFilterTexts.repository(query)).isEmpty();
        assertThat(TaskFilterTexts.organization(query)).isEmpty();
        assertThat(TaskFilterTexts.search(query)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Acme/Mobile", " acme/mobile ", "a/b/c", "/b", "a/", "%/_"})
    void aRepositoryWithASlashIsAFullName(String query) {
        assertThat(TaskFilterTexts.repository(query))
                .hasValue(new RepositoryMatch.FullName(Repositories.normalise(query)));
    }

    @Test
    void aRepositoryWithoutASlashIsANameInAnyOrganization() {
        RepositoryMatch match = TaskFilterTexts.repository(" PostHog ").orElseThrow();
        assertThat(match).isEqualTo(new RepositoryMatch.ShortName("posthog"));
        assertThat(match.matches("posthog/posthog")).isTrue();
        assertThat(match.matches("acme/posthog")).isTrue();
        assertThat(match.matches("posthog/posthog-js")).isFalse();
        assertThat(match.matches("posthog/my-posthog")).isFalse();
    }

    @Test
    void anOrganizationIsInTheStoredForm() {
        assertThat(TaskFilterTexts.organization(" PostHog ")).hasValue("posthog");
    }

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    1,                       1
                    0,                       0
                    007,                     7
                    TSK-1,                   1
                    x-1,                     1
                    a-b-12,                  12
                    -5,                      5
                    --5,                     5
                    ' AMA-42 ',              42
                    9223372036854775807,     9223372036854775807
                    x-00000000000000000000000000001, 1
                    9223372036854775808,
                    x-99999999999999999999999999,
                    x-,
                    -,
                    1-,
                    x1,
                    x- 1,
                    1-x,
                    x-1.0,
                    x-+1,
                    x-١,
                    x-²,
                    Fix the cart,
                    100%,
                    """)
    void theNumberConsistsOfTheDigitsAfterTheLastHyphen(String query, Long number) {
        var search = TaskFilterTexts.search(query).orElseThrow();
        assertThat(search.text()).isEqualTo(query.strip());
        assertThat(search.number())
                .isEqualTo(number == null ? OptionalLong.empty() : OptionalLong.of(number));
    }
}
