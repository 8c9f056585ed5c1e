package dev.errand.benchmarks.host;

import dev.errand.Errand;
import dev.errand.ProjectClient;
import dev.errand.access.Caller;
import dev.errand.memory.InMemoryBackend;
import dev.errand.memory.objects.InMemoryObjectStore;
import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.UserId;
import dev.errand.spi.project.Project;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.project.User;
import dev.errand.spi.store.Backend;
import java.util.Optional;
import java.util.UUID;

/** A host with an in-memory engine, one project, and one user. */
public final class ProjectHost {

    /** The project. */
    public static final ProjectId PROJECT = new ProjectId(7);

    /** The user. */
    public static final UserId USER = new UserId(12);

    private static final Project NAMED = new Project(PROJECT, "Amber Market");

    private final InMemoryBackend backend = InMemoryBackend.create();
    private final Errand errand = engine(backend);

    /** Returns an engine with the project and the user. */
    public static Errand engine(Backend backend) {
        return Errand.builder(
                        backend,
                        InMemoryObjectStore.create(
                                backend.clock(), Secret.of("a key of the benchmarks")),
                        new Directory())
                .build();
    }

    /** Returns the backend. */
    public InMemoryBackend backend() {
        return backend;
    }

    /** Returns the engine. */
    public Errand errand() {
        return errand;
    }

    /** Returns the client of a caller in the project. */
    public ProjectClient as(Caller caller) {
        return errand.project(PROJECT, caller);
    }

    /** Returns the user that the directory returns for an id. */
    public static User user(UserId id) {
        return User.of(id, new UUID(7, id.value()), "Ada", "Lovelace", "ada@example.com");
    }

    private static final class Directory implements ProjectDirectory {

        private static final Optional<Project> PRESENT = Optional.of(NAMED);
        private static final Optional<User> ADA = Optional.of(user(USER));

        @Override
        public Optional<Project> findProject(ProjectId project) {
            return project.equals(PROJECT) ? PRESENT : Optional.empty();
        }

        @Override
        public Optional<User> findUser(ProjectId project, UserId user) {
            return ADA.filter(ada -> ada.id().equals(user));
        }
    }
}
