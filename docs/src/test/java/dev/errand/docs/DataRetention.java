package dev.errand.docs;

import dev.errand.Errand;
import dev.errand.retention.Housekeeper;
import dev.errand.retention.RetentionPolicy;
import dev.errand.spi.run.RunStatus;
import java.time.Duration;

final class DataRetention {

    private DataRetention() {}

    /** Starts a housekeeper. The host closes it before the engine. */
    static Housekeeper start(Errand errand) {
        RetentionPolicy policy =
                RetentionPolicy.DEFAULT.withEndedTasks(RunStatus.COMPLETED, Duration.ofDays(90));
        Housekeeper housekeeper = errand.housekeeper(policy);
        housekeeper.start(Duration.ofMinutes(15));
        return housekeeper;
    }
}
