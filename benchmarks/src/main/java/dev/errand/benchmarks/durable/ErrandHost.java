package dev.errand.benchmarks.durable;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.errand.Errand;
import dev.errand.ProjectClient;
import dev.errand.access.Caller;
import dev.errand.benchmarks.host.ProjectHost;
import dev.errand.dispatch.DispatchOptions;
import dev.errand.dispatch.Dispatcher;
import dev.errand.dispatch.WorkHandler;
import dev.errand.dispatch.Worker;
import dev.errand.dispatch.WorkerPool;
import dev.errand.jdbc.JdbcBackend;
import dev.errand.memory.objects.InMemoryObjectStore;
import dev.errand.retention.Housekeeper;
import dev.errand.retention.RetentionPolicy;
import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.UserId;
import dev.errand.spi.project.Project;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.project.User;
import dev.errand.spi.sandbox.SandboxLauncher;
import java.util.Optional;

/** An engine over PostgreSQL with a connection pool and one project. */
final class ErrandHost implements AutoCloseable {

    private final HikariDataSource pool;
    private final JdbcBackend backend;
    private final Errand errand;

    private ErrandHost(HikariDataSource pool, JdbcBackend.Builder storage) {
        this.pool = pool;
        backend = storage.open();
        InMemoryObjectStore objects =
                InMemoryObjectStore.create(backend.clock(), Secret.of("a key of the benchmarks"));
        errand = Errand.builder(backend, objects, new Directory()).build();
    }

    /** Opens an engine with the given number of connections. */
    static ErrandHost open(String url, int connections) {
        HikariDataSource pool = pool(url, connections);
        return new ErrandHost(pool, JdbcBackend.builder(pool));
    }

    /** Opens an engine with one connection, whose queries are recorded. */
    static ErrandHost recording(String url, StatementRecorder recorder) {
        HikariDataSource pool = pool(url, 1);
        return new ErrandHost(pool, JdbcBackend.builder(recorder.over(pool)));
    }

    /**
     * Opens an engine with the given number of connections, whose statements are counted and timed.
     */
    static ErrandHost timed(String url, int connections, StatementStatistics times) {
        HikariDataSource pool = pool(url, connections);
        return new ErrandHost(pool, JdbcBackend.builder(times.over(pool)));
    }

    /**
     * Opens an engine with the given number of connections, which receives the signals of other
     * nodes.
     */
    static ErrandHost signalling(String url, int connections) {
        HikariDataSource pool = pool(url, connections);
        return new ErrandHost(pool, JdbcBackend.builder(pool).signalling());
    }

    /** Returns a pool of fixed size. */
    static HikariDataSource pool(String url, int connections) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(connections);
        return new HikariDataSource(config);
    }

    JdbcBackend backend() {
        return backend;
    }

    /** Returns a worker of the project. */
    Worker worker() {
        return errand.worker(SampleWork.SCOPE, SampleWork.OWNER, SampleWork.LEASE);
    }

    /**
     * Returns a builder for a worker pool of the project, which must be closed before this host.
     */
    WorkerPool.Builder workerPool(WorkHandler handler) {
        return errand.workerPool(handler)
                .scope(SampleWork.SCOPE)
                .node(SampleWork.OWNER)
                .leaseDuration(SampleWork.LEASE);
    }

    /** Returns a dispatcher, which must be closed before this host. */
    Dispatcher dispatcher(SandboxLauncher launcher, DispatchOptions options) {
        return errand.dispatcher(launcher, options);
    }

    /** Returns a housekeeper, which must be closed before this host. */
    Housekeeper housekeeper(RetentionPolicy policy) {
        return errand.housekeeper(policy);
    }

    /** Returns the client of a caller in the project. */
    ProjectClient as(Caller caller) {
        return errand.project(ProjectHost.PROJECT, caller);
    }

    @Override
    public void close() {
        errand.close();
        pool.close();
    }

    private static final class Directory implements ProjectDirectory {

        private static final Project PROJECT = new Project(ProjectHost.PROJECT, "Amber Market");

        @Override
        public Optional<Project> findProject(ProjectId project) {
            return project.equals(ProjectHost.PROJECT) ? Optional.of(PROJECT) : Optional.empty();
        }

        @Override
        public Optional<User> findUser(ProjectId project, UserId user) {
            return Optional.of(ProjectHost.user(user));
        }
    }
}
