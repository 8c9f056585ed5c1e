package dev.errand.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.PortException;
import dev.errand.spi.PortUnavailableException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The classification of failures by SQLState. The expected values are written out. */
final class SqlFailureTest {

    /** The SQLStates of PostgreSQL. */
    @ParameterizedTest
    @CsvSource(
            useHeadersInDisplayName = true,
            textBlock =
                    """
                    state, kind,              attempts, undone, retryAfter
                    08000, CONNECTION_LOST,   3,        false,  5
                    08001, CANNOT_CONNECT,    3,        true,   5
                    08003, CONNECTION_LOST,   3,        false,  5
                    08004, CANNOT_CONNECT,    3,        true,   5
                    08006, CONNECTION_LOST,   3,        false,  5
                    08P01, CONNECTION_LOST,   3,        false,  5
                    22021, REJECTED,          1,        true,
                    23502, REJECTED,          1,        true,
                    23505, REJECTED,          1,        true,
                    25006, READ_ONLY,         1,        true,
                    25P02, REJECTED,          1,        true,
                    25P03, CONNECTION_LOST,   3,        false,  5
                    25P04, CONNECTION_LOST,   3,        false,  5
                    26000, SHARED_SESSION,    1,        true,
                    28P01, REJECTED,          1,        true,
                    40000, CONFLICT,          10,       true,   1
                    40001, CONFLICT,          10,       true,   1
                    40002, REJECTED,          1,        true,
                    40003, CONNECTION_LOST,   3,        false,  5
                    40P01, CONFLICT,          10,       true,   1
                    42601, REJECTED,          1,        true,
                    42P05, SHARED_SESSION,    1,        true,
                    53100, OUT_OF_RESOURCES,  1,        true,   10
                    53200, OUT_OF_RESOURCES,  1,        true,   10
                    53300, CANNOT_CONNECT,    3,        true,   5
                    55006, REJECTED,          1,        true,
                    55P03, LOCK_TIMEOUT,      2,        true,   1
                    57014, STATEMENT_TIMEOUT, 1,        true,   5
                    57P01, CONNECTION_LOST,   3,        false,  5
                    57P02, CONNECTION_LOST,   3,        false,  5
                    57P03, CANNOT_CONNECT,    3,        true,   5
                    57P04, REJECTED,          1,        true,
                    57P05, CONNECTION_LOST,   3,        false,  5
                    XX001, REJECTED,          1,        true,
                    """)
    void statesOfPostgres(
            String state, SqlFailure kind, int attempts, boolean undone, Integer retryAfter) {
        assertClassification(state, kind, attempts, undone, retryAfter);
    }

    /** The SQLStates of H2. */
    @ParameterizedTest
    @CsvSource(
            useHeadersInDisplayName = true,
            textBlock =
                    """
                    state, kind,              attempts, undone, retryAfter
                    23505, REJECTED,          1,        true,
                    40001, CONFLICT,          10,       true,   1
                    57014, STATEMENT_TIMEOUT, 1,        true,   5
                    90020, REJECTED,          1,        true,
                    90030, REJECTED,          1,        true,
                    90067, CONNECTION_LOST,   3,        false,  5
                    90097, READ_ONLY,         1,        true,
                    90098, CONNECTION_LOST,   3,        false,  5
                    90108, OUT_OF_RESOURCES,  1,        true,   10
                    90121, CONNECTION_LOST,   3,        false,  5
                    90131, CONFLICT,          10,       true,   1
                    HYT00, LOCK_TIMEOUT,      2,        true,   1
                    """)
    void statesOfH2(
            String state, SqlFailure kind, int attempts, boolean undone, Integer retryAfter) {
        assertClassification(state, kind, attempts, undone, retryAfter);
    }

    private static void assertClassification(
            String state, SqlFailure kind, int attempts, boolean undone, Integer retryAfter) {
        SQLException failure = new SQLException("planted text", state);

        SqlFailure found = SqlFailure.of(failure);

        assertThat(found).isEqualTo(kind);
        assertThat(found.attempts()).isEqualTo(attempts);
        assertThat(found.isUndone()).isEqualTo(undone);
        PortException translated = SqlExceptionTranslator.translate("TaskStore", failure);
        assertThat(translated.isRetryable()).isEqualTo(retryAfter != null);
        assertThat(translated).hasCause(failure).hasMessageContaining(state);
        assertThat(translated.getMessage()).doesNotContain("planted text");
        if (translated instanceof PortUnavailableException unavailable) {
            assertThat(unavailable.retryAfter()).isEqualTo(Duration.ofSeconds(retryAfter));
        }
    }

    @Test
    void anUnlistedStateIsClassifiedByTheTypeOfTheException() {
        assertThat(SqlFailure.of(new SQLTimeoutException("x")))
                .isEqualTo(SqlFailure.OTHER_TRANSIENT);
        assertThat(SqlFailure.of(new SQLRecoverableException("x", "99999")))
                .isEqualTo(SqlFailure.OTHER_TRANSIENT);
        assertThat(SqlFailure.of(new SQLSyntaxErrorException("x"))).isEqualTo(SqlFailure.REJECTED);
        assertThat(SqlFailure.of(new SQLNonTransientConnectionException("x", "08006")))
                .isEqualTo(SqlFailure.CONNECTION_LOST);
    }

    @Test
    void aPoolThatHasWaitedInVainIsNotAskedAgain() {
        for (String state : new String[] {null, "08001", "53300", "57P03"}) {
            assertThat(SqlFailure.of(new SQLTransientConnectionException("x", state)))
                    .as(state)
                    .isEqualTo(SqlFailure.POOL_EXHAUSTED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void onlyTemporaryFailuresAreRepeated(SqlFailure failure) {
        assertThat(failure.attempts() == 1 || failure.retryAfter().isPresent()).isTrue();
        assertThat(failure.attempts() == 1 || failure.pause().toMillis() > 0).isTrue();
    }

    @Test
    void onlyACommitWhoseResponseIsLostHasAnUnknownOutcome() {
        SQLException conflict = new SQLException("x", "40001");
        assertThat((Throwable) UnknownOutcomeException.ofCommit(conflict)).isSameAs(conflict);

        SQLException lost = UnknownOutcomeException.ofCommit(new SQLException("x", "57P01"));

        assertThat((Throwable) lost).isInstanceOf(UnknownOutcomeException.class);
        assertThat(SqlExceptionTranslator.translate("TaskStore", lost))
                .isInstanceOf(PortUnavailableException.class)
                .hasMessageContaining("the change may have been stored");
    }
}
