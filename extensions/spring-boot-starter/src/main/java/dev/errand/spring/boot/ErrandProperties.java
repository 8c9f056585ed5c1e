package dev.errand.spring.boot;

import dev.errand.spi.Secret;
import dev.errand.spi.run.RunStatus;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties {@code errand.*}.
 *
 * @param enabled whether Errand is configured at all
 * @param key secret of at least 32 characters, the same on every node, from which the keys are
 *     derived that encrypt the secrets of runs and sign sandbox tokens, upload forms and links
 * @param previousKeys earlier values of errand.key that still decrypt the secrets of runs
 * @param projects names of the projects by id, for a host without a ProjectDirectory bean
 * @param jdbc storage
 * @param objects artifacts
 * @param http the API over HTTP
 * @param dispatcher execution of runs in sandboxes
 * @param worker execution of runs in this process
 * @param housekeeping erasure of data
 */
@ConfigurationProperties("errand")
record ErrandProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable Secret key,
        @DefaultValue List<Secret> previousKeys,
        @DefaultValue Map<Long, String> projects,
        @DefaultValue Jdbc jdbc,
        @DefaultValue Objects objects,
        @DefaultValue Http http,
        @DefaultValue Dispatcher dispatcher,
        @DefaultValue Worker worker,
        @DefaultValue Housekeeping housekeeping) {

    /** What happens to the tables when the application starts. */
    enum SchemaMode {
        /** Missing tables and migrations are applied by Flyway. */
        MIGRATE,
        /** The tables must exist in the version of this release. */
        VALIDATE
    }

    /**
     * Storage.
     *
     * @param dataSource name of the DataSource bean; needed only if there are several and none is
     *     primary
     * @param schema whether missing tables and migrations are applied by Flyway, or must have been
     *     applied before
     * @param signals whether nodes notify each other of queued runs and of changes of watched runs
     *     through LISTEN and NOTIFY of PostgreSQL
     * @param statementTimeout timeout of SQL statements; zero leaves it to the pool or the database
     * @param trigramSearch whether migrations create a trigram index for the search filter on
     *     PostgreSQL
     */
    record Jdbc(
            @Nullable String dataSource,
            @DefaultValue("migrate") SchemaMode schema,
            @DefaultValue("true") boolean signals,
            @DefaultValue("0s") Duration statementTimeout,
            @DefaultValue("false") boolean trigramSearch) {}

    /**
     * Artifacts.
     *
     * @param directory directory of the artifacts, for a host without an ObjectStore bean; one
     *     process at a time
     */
    record Objects(@Nullable Path directory) {}

    /**
     * The API over HTTP.
     *
     * @param enabled whether the API is served
     * @param path path of the API in the application, such as /errand; / for the root
     * @param publicUrl URL of that path as clients see it; needed for upload forms, links to
     *     artifacts and links to logs
     */
    record Http(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("/errand") String path,
            @Nullable URI publicUrl) {

        /** Requires an absolute path, and removes its trailing slash: the root is empty. */
        Http {
            if (!path.startsWith("/") || path.contains("*")) {
                throw new IllegalArgumentException(
                        "errand.http.path must begin with / and have no wildcard, not " + path);
            }
            path = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        }
    }

    /**
     * Execution of runs in sandboxes, for a host with a SandboxLauncher bean.
     *
     * @param enabled whether a dispatcher is created and started
     * @param node name of this process in leases, unique among all processes on one storage; random
     *     by default
     * @param slots maximum number of runs that are supervised at the same time
     * @param leaseDuration time after which a lease expires unless it is renewed
     * @param pollInterval maximum pause between two checks of the queue and of all supervised runs
     * @param apiUrl URL at which sandboxes reach the API; errand.http.public-url by default
     */
    record Dispatcher(
            @DefaultValue("true") boolean enabled,
            @Nullable String node,
            @DefaultValue("4") int slots,
            @DefaultValue("30s") Duration leaseDuration,
            @DefaultValue("1s") Duration pollInterval,
            @Nullable URI apiUrl) {}

    /**
     * Execution of runs in this process, for a host with a WorkHandler bean.
     *
     * @param enabled whether a worker pool is created and started
     * @param node name of this process in leases, unique among all processes on one storage; random
     *     by default
     * @param size number of handlers that run at the same time
     * @param leaseDuration time after which a lease expires unless it is renewed
     * @param pollInterval maximum pause between two checks of the queue
     * @param timeLimit time limit of a handler; none by default
     * @param gracePeriod how long a stop waits for handlers, before and again after it cancels them
     */
    record Worker(
            @DefaultValue("true") boolean enabled,
            @Nullable String node,
            @DefaultValue("4") int size,
            @DefaultValue("30s") Duration leaseDuration,
            @DefaultValue("1s") Duration pollInterval,
            @Nullable Duration timeLimit,
            @DefaultValue("10s") Duration gracePeriod) {}

    /**
     * Erasure of data.
     *
     * @param enabled whether this process erases data
     * @param interval time between two passes
     * @param deletedTasks how long a deleted task is kept
     * @param endedTasks how long a task is kept after its latest run ended, by the status of that
     *     run; for ever by default
     * @param logs how long the log of a run is kept after the run ended; for ever by default
     */
    record Housekeeping(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("15m") Duration interval,
            @DefaultValue("30d") Duration deletedTasks,
            @DefaultValue Map<RunStatus, Duration> endedTasks,
            @Nullable Duration logs) {}
}
