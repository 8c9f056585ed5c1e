package dev.errand.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.store.HostTransaction;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Events and wake-ups that are released at the wrong time are detected. */
class HostTransactionMutantsTest {

    /** A defect of the hook that is called after the end of a host transaction. */
    enum Defect {
        TRANSACTION_IGNORED(real -> (committed, rolledBack) -> committed.run()),
        RELEASED_AFTER_ROLLBACK(
                real -> (committed, rolledBack) -> real.afterCompletion(committed, committed)),
        DISCARDED_AFTER_COMMIT(
                real -> (committed, rolledBack) -> real.afterCompletion(rolledBack, rolledBack)),
        NEVER_CALLED(real -> (committed, rolledBack) -> {});

        private final UnaryOperator<HostTransaction> mutation;

        Defect(UnaryOperator<HostTransaction> mutation) {
            this.mutation = mutation;
        }
    }

    @ParameterizedTest
    @EnumSource
    void theContractDetectsADefect(Defect defect) {
        assertThat(firstFailure(real -> real.map(defect.mutation))).isPresent();
    }

    @Test
    void theContractAcceptsTheRealTransaction() {
        assertThat(firstFailure(real -> real)).isEmpty();
    }

    private static Optional<String> firstFailure(UnaryOperator<Optional<HostTransaction>> mutant) {
        HostTransactionContractOnMutant.mutant = mutant;
        return new MutantRunner().firstFailure(HostTransactionContractOnMutant.class);
    }
}
