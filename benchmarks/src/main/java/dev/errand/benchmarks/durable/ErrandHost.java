package dev.errand.benchmarks.durable;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.errand.Errand;
import dev.errand.ProjectClient;
import dev.errand.access.Caller;
import dev.errand.benchmarks.ProjectHost;
import dev.errand.dispatch.DispatchOptions;
import dev.errand.dispatch.Dispatcher;
import dev.errand.dispatch.Worker;
import dev.errand.jdbc.JdbcBackend;
import dev.errand.memory.objects.InMemoryObjectStore;
import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.UserId;
import dev.errand.spi.dispatch.SandboxLauncher;
import dev.errand.spi.project.Project;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.project.User;
import java.util.Optional;

/** An engine over PostgreSQL with the pool that a host would give it, and its one project. */
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

    /** Opens an engine over so many connections. */
    static ErrandHost open(String url, int connections) {
        HikariDataSource pool = pool(url, connections);
        return new ErrandHost(pool, JdbcBackend.builder(pool));
    }

    /** Opens an engine over one connection, and writes down what it asks. */
    static ErrandHost tapped(String url, StatementRecorder tap) {
        HikariDataSource pool = pool(url, 1);
        return new ErrandHost(pool, JdbcBackend.builder(tap.over(pool)));
    }

    /** Opens an engine over so many connections, and counts and times what it asks. */
    static ErrandHost timed(String url, int connections, StatementStatistics times) {
        HikariDataSource pool = pool(url, connections);
        return new ErrandHost(pool, JdbcBackend.builder(times.over(pool)));
    }

    /** Opens an engine over so many connections that hears what other nodes queue. */
    static ErrandHost signalling(String url, int connections) {
        HikariDataSource pool = pool(url, connections);
        return new ErrandHost(pool, JdbcBackend.builder(pool).signalling());
    }

    /** So many connections, all of them open from the beginning. */
    static HikariDataSource pool(String url, int connections) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(connections);
        return new HikariDataSource(config);
    }

    JdbcBackend backend() {
        return backend;
    }

    /** A worker of the project. */
    Worker worker() {
        return errand.worker(SampleWork.SCOPE, SampleWork.OWNER, SampleWork.LEASE);
    }

    /** A node that brings runs to execution; to be closed before this. */
    Dispatcher dispatcher(SandboxLauncher launcher, DispatchOptions options) {
        return errand.dispatcher(launcher, options);
    }

    /** The project as a caller sees it. */
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
