package dev.errand.workspaces.git;

import dev.errand.spi.sandbox.SandboxId;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known about the workspaces: a directory for each, which the agent does not work in.
 * Thread-safe.
 */
final class WorkspaceStates {

    private static final Logger LOG = LoggerFactory.getLogger(WorkspaceStates.class);
    private static final String FILE = "workspace.properties";

    /**
     * The state of a workspace.
     *
     * @param complete whether the checkout is complete
     * @param repository the name of the repository, as in the task
     * @param directory the directory of the checkout
     * @param mirror the directory of the mirror
     * @param baseBranch the branch that was checked out
     * @param baseCommit the commit that was checked out
     * @param workBranch the branch of the agent
     */
    record State(
            boolean complete,
            String repository,
            Path directory,
            Path mirror,
            String baseBranch,
            String baseCommit,
            String workBranch) {

        State completed() {
            return new State(
                    true, repository, directory, mirror, baseBranch, baseCommit, workBranch);
        }
    }

    private final GitProgram git;
    private final LockFile locks;
    private final Path root;

    WorkspaceStates(GitProgram git, LockFile locks, Path cache) {
        this.git = git;
        this.locks = locks;
        this.root = cache.resolve("workspaces");
    }

    /** Returns the directory of a workspace's state. */
    Path directory(SandboxId sandbox) {
        return root.resolve(
                "project_%s-run_%s-attempt_%d"
                        .formatted(sandbox.project(), sandbox.run(), sandbox.attempt()));
    }

    /** Reads a state. */
    static Optional<State> read(Path directory) throws IOException {
        Properties values = new Properties();
        try (StringReader text = new StringReader(Files.readString(directory.resolve(FILE)))) {
            values.load(text);
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
        return Optional.of(
                new State(
                        Boolean.parseBoolean(value(values, "complete")),
                        value(values, "repository"),
                        Path.of(value(values, "directory")),
                        Path.of(value(values, "mirror")),
                        value(values, "baseBranch"),
                        value(values, "baseCommit"),
                        value(values, "workBranch")));
    }

    private static String value(Properties values, String name) throws IOException {
        String value = values.getProperty(name);
        if (value == null) {
            throw new IOException("the state of a workspace has no " + name);
        }
        return value;
    }

    /** Writes a state. */
    static void write(Path directory, State state) throws IOException {
        Properties values = new Properties();
        values.setProperty("complete", Boolean.toString(state.complete));
        values.setProperty("repository", state.repository);
        values.setProperty("directory", state.directory.toString());
        values.setProperty("mirror", state.mirror.toString());
        values.setProperty("baseBranch", state.baseBranch);
        values.setProperty("baseCommit", state.baseCommit);
        values.setProperty("workBranch", state.workBranch);
        StringWriter text = new StringWriter();
        values.store(text, null);
        FileTrees.replace(directory.resolve(FILE), text.toString(), "rw-------");
    }

    /** Whether a workspace uses a mirror. */
    boolean areUsing(Path mirror) throws IOException {
        for (Path directory : FileTrees.entries(root)) {
            if (read(directory).filter(state -> state.mirror.equals(mirror)).isPresent()) {
                return true;
            }
        }
        return false;
    }

    /** Deletes the states of workspaces whose directory was deleted without {@code discard}. */
    void forgetDeleted() throws IOException {
        for (Path directory : FileTrees.entries(root)) {
            Optional<Area> entered = Area.tryEnter(git, locks, directory);
            if (entered.isPresent()) {
                try (Area area = entered.get()) {
                    if (read(area.directory())
                            .filter(state -> Files.exists(state.directory()))
                            .isEmpty()) {
                        LOG.debug("Deleting {}, since its checkout does not exist", directory);
                        FileTrees.delete(directory);
                    }
                }
            }
        }
    }
}
