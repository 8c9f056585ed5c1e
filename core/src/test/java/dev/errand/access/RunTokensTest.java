package dev.errand.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.run.RunId;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.task.TaskId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunTokensTest {

    private static final Instant NOW = Instant.parse("2026-05-07T09:30:00Z");
    private static final Secret KEY = Secret.of("0123456789abcdef");
    private static final Duration HOUR = Duration.ofHours(1);

    private static final TaskId TASK = TaskId.of(new UUID(0x7000L, 1));
    private static final RunId RUN = RunId.of(new UUID(0x7000L, 2));
    private static final SandboxId SANDBOX = new SandboxId(ProjectId.of(7), TASK, RUN, 3);

    private final RunTokens tokens = tokens(KEY, NOW);

    @Test
    void aTokenGrantsOneAttemptOfOneRun() {
        assertThat(tokens.verify(tokens.issue(SANDBOX, HOUR).reveal()))
                .hasValue(new RunGrant(ProjectId.of(7), TASK, RUN, 3));
    }

    @Test
    void aTokenIsValidAfterARestartWithTheSameKey() {
        String token = tokens.issue(SANDBOX, HOUR).reveal();
        assertThat(tokens(Secret.of(KEY.reveal()), NOW).verify(token)).isPresent();
    }

    @Test
    void aTokenExpires() {
        String token = tokens.issue(SANDBOX, HOUR).reveal();
        assertThat(tokens(KEY, NOW.plus(HOUR).minusSeconds(1)).verify(token)).isPresent();
        assertThat(tokens(KEY, NOW.plus(HOUR)).verify(token)).isEmpty();
        assertThat(tokens(KEY, NOW.plus(HOUR).plusSeconds(1)).verify(token)).isEmpty();
    }

    @Test
    void aTokenOfAnotherKeyIsNotValid() {
        String token = tokens(Secret.of("fedcba9876543210"), NOW).issue(SANDBOX, HOUR).reveal();
        assertThat(tokens.verify(token)).isEmpty();
    }

    @Test
    void aTokenWithAChangedCharacterIsNotValid() {
        String token = tokens.issue(SANDBOX, HOUR).reveal();
        for (int i = 0; i < token.length(); i++) {
            for (char other : new char[] {'0', '9', 'A', 'z', '.', '-', '_', '=', '\u00e9'}) {
                String altered = token.substring(0, i) + other + token.substring(i + 1);
                assertThat(tokens.verify(altered).isPresent())
                        .as("position %d: %s", i, other)
                        .isEqualTo(altered.equals(token));
            }
        }
    }

    @Test
    void aTruncatedOrExtendedTokenIsNotValid() {
        String token = tokens.issue(SANDBOX, HOUR).reveal();
        for (int i = 0; i < token.length(); i++) {
            assertThat(tokens.verify(token.substring(0, i))).as("first %d", i).isEmpty();
            assertThat(tokens.verify(token.substring(i + 1))).as("from %d", i + 1).isEmpty();
        }
        assertThat(tokens.verify(token + "=")).isEmpty();
        assertThat(tokens.verify(token + ".")).isEmpty();
        assertThat(tokens.verify(" " + token)).isEmpty();
        assertThat(tokens.verify(token + token)).isEmpty();
    }

    /** The claims of one token do not fit the signature of another. */
    @Test
    void theSignatureOfAnotherRunIsNotValid() {
        String mine = tokens.issue(SANDBOX, HOUR).reveal();
        SandboxId other = new SandboxId(ProjectId.of(7), TASK, RUN, 4);
        String theirs = tokens.issue(other, HOUR).reveal();
        String mixed =
                theirs.substring(0, theirs.lastIndexOf('.'))
                        + mine.substring(mine.lastIndexOf('.'));
        assertThat(tokens.verify(mixed)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "errand_run_",
                "errand_run_.",
                "errand_run_.....",
                "errand_run_7.x.y.3.99999999999.sig",
                "phx_personal_api_key",
                "\ud800"
            })
    void anyOtherTextIsNotValid(String text) {
        assertThat(tokens.verify(text)).isEmpty();
    }

    @Test
    void aTokenHasASearchablePrefixAndIsHiddenInTexts() {
        Secret token = tokens.issue(SANDBOX, HOUR);
        assertThat(token.reveal()).startsWith("errand_run_").doesNotContain(KEY.reveal());
        assertThat(token.toString()).doesNotContain(token.reveal());
    }

    @Test
    void aShortKeyIsRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tokens(Secret.of("0123456789abcde"), NOW))
                .withMessageContaining("16")
                .withMessageNotContaining("0123456789abcde");
    }

    private static RunTokens tokens(Secret key, Instant now) {
        return new RunTokens(key, Clock.fixed(now, ZoneOffset.UTC));
    }
}
