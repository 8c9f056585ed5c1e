package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.errand.error.ErrorCode;
import dev.errand.error.UnsupportedRequestException;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {

    private static final long BODY = 100;

    /** Memory for ten bodies. */
    private final MemoryBudget budget = new MemoryBudget(10 * BODY * MemoryBudget.HEAP_PER_BYTE);

    @Test
    void aCallerMayUseAllOfItWhileNobodyElseUsesAny() {
        MemoryBudget.Reservation large = budget.open("rosa");
        large.growTo(10 * BODY);

        assertOverloaded("tom", 1);
        large.close();
        budget.open("tom").growTo(10 * BODY);
    }

    @Test
    void aCallerMayUseHalfOfItBesideOthers() {
        budget.open("rosa").growTo(3 * BODY);
        budget.open("rosa").growTo(2 * BODY);

        assertOverloaded("rosa", 1);
        budget.open("tom").growTo(5 * BODY);
        assertOverloaded("ann", 1);
    }

    @Test
    void aReservationGrowsAndIsReleasedOnce() {
        MemoryBudget.Reservation body = budget.open("rosa");
        body.growTo(BODY);
        body.growTo(10 * BODY);
        body.growTo(5 * BODY);
        assertThatThrownBy(() -> body.growTo(10 * BODY + 1))
                .isInstanceOfSatisfying(
                        UnsupportedRequestException.class,
                        failure ->
                                assertThat(failure.code()).isEqualTo(ErrorCode.REQUEST_TOO_LARGE));
        body.close();
        body.close();

        budget.open("tom").growTo(10 * BODY);
        assertOverloaded("rosa", 1);
    }

    private void assertOverloaded(String caller, long bytes) {
        assertThatThrownBy(() -> budget.open(caller).growTo(bytes))
                .isInstanceOfSatisfying(
                        RejectedRequestException.class,
                        failure -> {
                            assertThat(failure.code()).isEqualTo(ErrorCode.OVERLOADED);
                            assertThat(failure.retryAfter()).isPresent();
                        });
    }
}
