package dev.errand.benchmarks.memory;

import dev.errand.benchmarks.host.ProjectHost;
import dev.errand.run.RunTaskRequest;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.task.OriginProduct;
import dev.errand.task.CreateTaskRequest;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * The requests of the benchmark, the same for all sides, created before the measurement as callers
 * do.
 */
final class SampleRequests {

    /** The number of tasks after which a store is replaced by an empty one. */
    static final int MAX_TASKS = 250_000;

    static final int CREATORS = 32;
    static final String OWNER = "node-1";
    static final Duration LEASE = Duration.ofMinutes(10);

    static final ProjectScope SCOPE = ProjectScope.only(Set.of(ProjectHost.PROJECT));
    static final ClaimRequest CLAIM_ONE = new ClaimRequest(OWNER, 1, LEASE);
    static final RunTaskRequest RUN = RunTaskRequest.builder().build();
    static final UpdateRunRequest COMPLETED =
            UpdateRunRequest.builder().status(RunStatus.COMPLETED).build();

    private static final int REPOSITORIES = 97;
    private static final int SCRIPTS = 256;
    private static final List<OriginProduct> ORIGINS =
            List.of(
                    OriginProduct.USER_CREATED,
                    OriginProduct.ERROR_TRACKING,
                    OriginProduct.SLACK,
                    OriginProduct.AUTOMATION);

    private final SampleRequest[] scripts = new SampleRequest[SCRIPTS];
    private int next;

    SampleRequests() {
        for (int i = 0; i < SCRIPTS; i++) {
            scripts[i] = SampleRequest.numbered(i);
        }
    }

    SampleRequest next() {
        return scripts[next++ % SCRIPTS];
    }

    /** The task of one unit of work. */
    record SampleRequest(
            int creator,
            String title,
            String description,
            OriginProduct origin,
            String repository,
            CreateTaskRequest request) {

        private static SampleRequest numbered(int i) {
            String title = "Fix crash " + i;
            String description = "Opening the cart with " + i + " items crashes on Android 14.";
            OriginProduct origin = ORIGINS.get(i % ORIGINS.size());
            String repository = "acme/mobile-" + i % REPOSITORIES;
            return new SampleRequest(
                    i % CREATORS,
                    title,
                    description,
                    origin,
                    repository,
                    CreateTaskRequest.builder()
                            .title(title)
                            .description(description)
                            .originProduct(origin)
                            .repository(repository)
                            .build());
        }
    }
}
