package dev.errand.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.errand.access.Caller;
import dev.errand.error.InvalidRequestException;
import dev.errand.run.RunTaskRequest;
import dev.errand.spi.Idempotency;
import dev.errand.spi.run.ExecutionMode;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeysTest {

    private static final RunTaskRequest REQUEST =
            RunTaskRequest.builder()
                    .mode(ExecutionMode.INTERACTIVE)
                    .branch("main")
                    .githubUserToken("ghp_1")
                    .build();

    /** Hashes are stored and compared by later versions, so they must not change. */
    @Test
    void aRequestIsIdentifiedByTheHashOfItsCanonicalJson() {
        // printf '{"branch":"main","github_user_token":"ghp_1","mode":"interactive"}' | sha256sum
        assertThat(key("k").toString())
                .contains("08f22420b35b815156edd81258e281abd6cf573e690164bfeb2906b8c1d926f0");
    }

    @Test
    void theSecretOfARequestIsNotShown() {
        assertThat(key("k").toString()).doesNotContain("ghp_1");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, Idempotency.MAX_KEY_LENGTH + 1})
    void aKeyHasALengthWithinItsLimits(int length) {
        assertThatThrownBy(() -> key("k".repeat(length)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("1 to " + Idempotency.MAX_KEY_LENGTH);
    }

    private static Idempotency key(String given) {
        return IdempotencyKeys.of(Optional.of(given), Caller.host(), "run_task", "t", REQUEST)
                .orElseThrow();
    }
}
