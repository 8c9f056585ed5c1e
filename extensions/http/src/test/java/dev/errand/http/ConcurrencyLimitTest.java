package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.errand.error.ErrorCode;
import java.io.Closeable;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ConcurrencyLimitTest {

    private final ConcurrencyLimit limit = new ConcurrencyLimit("requests", 3, 2);

    @Test
    void aCallerAndAllCallersHaveALimit() throws IOException {
        Closeable first = limit.enter("rosa");
        limit.enter("rosa");
        assertRejected("rosa", ErrorCode.TOO_MANY_REQUESTS);
        limit.enter("tom");
        assertRejected("ann", ErrorCode.OVERLOADED);

        first.close();
        first.close();

        limit.enter("ann");
        assertRejected("rosa", ErrorCode.OVERLOADED);
    }

    private void assertRejected(String caller, ErrorCode code) {
        assertThatThrownBy(() -> limit.enter(caller))
                .isInstanceOfSatisfying(
                        RejectedRequestException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code));
    }
}
