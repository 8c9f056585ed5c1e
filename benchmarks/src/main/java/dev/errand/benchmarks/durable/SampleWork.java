package dev.errand.benchmarks.durable;

import dev.errand.benchmarks.host.ProjectHost;
import dev.errand.run.RunTaskRequest;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.task.OriginProduct;
import dev.errand.task.CreateTaskRequest;
import java.time.Duration;
import java.util.Set;

/** The units of work, the same for every candidate. */
final class SampleWork {

    static final int BATCH = 50;
    static final int CREATORS = 32;
    static final String OWNER = "node-1";
    static final Duration LEASE = Duration.ofMinutes(10);
    static final ProjectScope SCOPE = ProjectScope.only(Set.of(ProjectHost.PROJECT));
    static final RunTaskRequest RUN = RunTaskRequest.builder().build();
    static final UpdateRunRequest COMPLETED =
            UpdateRunRequest.builder().status(RunStatus.COMPLETED).build();

    private static final int DIFFERENT = 256;
    private static final Unit[] UNITS = new Unit[DIFFERENT];

    static {
        for (int i = 0; i < DIFFERENT; i++) {
            UNITS[i] = Unit.numbered(i);
        }
    }

    private SampleWork() {}

    /** Returns the unit with a number. Units repeat after a few hundred. */
    static Unit of(int number) {
        return UNITS[number & (DIFFERENT - 1)];
    }

    /** The task of a unit. */
    record Unit(
            long creator,
            String title,
            String description,
            String repository,
            CreateTaskRequest request) {

        private static final String DETAILS =
                " The cart was opened on Android 14 without a network, filled while the device was"
                        + " offline and emptied again before it came back; see the trace that is"
                        + " attached to the report.";

        private static Unit numbered(int i) {
            String title = "Fix the crash of cart number " + i;
            String description = "Opening the cart with " + i + " items crashes." + DETAILS;
            String repository = "acme/mobile-" + i % 97;
            return new Unit(
                    i % CREATORS,
                    title,
                    description,
                    repository,
                    CreateTaskRequest.builder()
                            .title(title)
                            .description(description)
                            .originProduct(OriginProduct.USER_CREATED)
                            .repository(repository)
                            .build());
        }

        /** Returns the unit as a JSON document, for schedulers that store one. */
        String document() {
            return "{\"title\":\""
                    + title
                    + "\",\"description\":\""
                    + description
                    + "\",\"repository\":\""
                    + repository
                    + "\",\"created_by\":"
                    + creator
                    + ",\"state\":{\"mode\":\"background\"}}";
        }
    }
}
