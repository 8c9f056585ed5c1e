package dev.errand.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.tck.TestClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** When a node scans the queue. */
final class ScanScheduleTest {

    private final TestClock clock = TestClock.at(Instant.parse("2026-05-06T09:00:00Z"));
    private final ScanSchedule schedule = new ScanSchedule(clock);
    private Duration duration = Duration.ofMillis(20);
    private int scans;

    @Test
    void theFirstClaimScans() {
        schedule.scanIfDue(this::scan);

        assertThat(scans).isEqualTo(1);
    }

    @Test
    void aNodeScansOnceASecondWhileItClaims() {
        schedule.scanIfDue(this::scan);
        clock.advance(Duration.ofMillis(999));
        schedule.scanIfDue(this::scan);
        assertThat(scans).isEqualTo(1);

        clock.advance(Duration.ofMillis(1));
        schedule.scanIfDue(this::scan);
        assertThat(scans).isEqualTo(2);
    }

    @Test
    void aClaimThatFoundTooLittleScansAfterTenTimesTheDurationOfTheLastScan() {
        schedule.scanIfDue(this::scan);
        clock.advance(Duration.ofMillis(199));
        assertThat(schedule.scanIfAllowed(this::scan)).isFalse();

        clock.advance(Duration.ofMillis(1));
        assertThat(schedule.scanIfAllowed(this::scan)).isTrue();
        assertThat(scans).isEqualTo(2);
    }

    @Test
    void aSignalOfAnotherNodeEndsThePauseForAClaimThatFoundTooLittle() {
        schedule.scanIfDue(this::scan);
        schedule.endPause();

        schedule.scanIfDue(this::scan);
        assertThat(scans).isEqualTo(1);
        assertThat(schedule.scanIfAllowed(this::scan)).isTrue();
        assertThat(scans).isEqualTo(2);
    }

    @Test
    void longScansTakeAnEleventhOfTheTime() {
        duration = Duration.ofMillis(300);
        schedule.scanIfDue(this::scan);
        clock.advance(Duration.ofMillis(2_999));
        schedule.scanIfDue(this::scan);
        assertThat(scans).isEqualTo(1);

        clock.advance(Duration.ofMillis(1));
        schedule.scanIfDue(this::scan);
        assertThat(scans).isEqualTo(2);
    }

    @Test
    void aRequiredScanDoesNotWait() {
        schedule.scanIfDue(this::scan);
        schedule.requireScan();
        schedule.scanIfDue(this::scan);

        assertThat(scans).isEqualTo(2);
        schedule.scanIfDue(this::scan);
        assertThat(scans).isEqualTo(2);
    }

    @Test
    void aClockThatWasSetBackDoesNotStopTheScans() {
        schedule.scanIfDue(this::scan);
        clock.set(clock.instant().minusSeconds(3_600));
        schedule.scanIfDue(this::scan);

        assertThat(scans).isEqualTo(2);
    }

    @Test
    void aFailedScanIsRepeated() {
        try {
            schedule.scanIfDue(
                    () -> {
                        throw new IllegalStateException("no connection");
                    });
        } catch (IllegalStateException expected) {
            schedule.scanIfDue(this::scan);
        }

        assertThat(scans).isEqualTo(1);
    }

    private void scan() {
        scans++;
        clock.advance(duration);
    }
}
