package dev.errand.process;

import dev.errand.spi.sandbox.SandboxId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * The paths of a sandbox's files. They are derived from typed ids only, so they cannot leave the
 * work directory. What belongs to the agent is in {@link #agent}, what belongs to the launcher in
 * {@link #launcher}, so that permissions can keep an agent that is another user out of the latter.
 *
 * @param root the sandbox's own directory, {@code project_<p>/task_<task>/run_<run>/attempt_<n>}
 */
record SandboxDirectory(Path root) {

    static SandboxDirectory of(Path workDirectory, SandboxId sandbox) {
        return new SandboxDirectory(
                workDirectory
                        .resolve("project_" + sandbox.project())
                        .resolve("task_" + sandbox.task())
                        .resolve("run_" + sandbox.run())
                        .resolve("attempt_" + sandbox.attempt()));
    }

    /** Returns the directory of the agent's input, output and working directories. */
    Path agent() {
        return root.resolve("agent");
    }

    /** Returns the directory of the launcher's state and of the outputs. */
    Path launcher() {
        return root.resolve("launcher");
    }

    // Input of the agent.

    Path prompt() {
        return agent().resolve("prompt.txt");
    }

    Path jsonSchema() {
        return agent().resolve("schema.json");
    }

    Path attachments() {
        return agent().resolve("attachments");
    }

    Path secrets() {
        return agent().resolve("secrets");
    }

    Path apiToken() {
        return agent().resolve("api.token");
    }

    Path home() {
        return agent().resolve("home");
    }

    /** Returns the private directory of the program of a profile, with its credentials. */
    Path program() {
        return agent().resolve("program");
    }

    Path temporary() {
        return agent().resolve("tmp");
    }

    Path workspace() {
        return agent().resolve("workspace");
    }

    /**
     * Deletes the secrets, the token and the private directory of the program. Does nothing if they
     * are deleted already.
     *
     * @throws IOException if something cannot be deleted, or not in time
     */
    void eraseSecrets(Duration atMost) throws IOException {
        try {
            DirectoryTree.delete(apiToken(), DirectoryTree.deadline(atMost));
            DirectoryTree.delete(secrets(), DirectoryTree.deadline(atMost));
            DirectoryTree.delete(program(), DirectoryTree.deadline(atMost));
        } catch (TimeoutException slow) {
            throw new IOException("secrets could not be deleted within " + atMost, slow);
        }
    }

    /** Deletes the secrets with which a workspace is collected. */
    void eraseCollectorSecrets(Duration atMost) throws IOException {
        try {
            DirectoryTree.delete(collectorSecrets(), DirectoryTree.deadline(atMost));
        } catch (TimeoutException slow) {
            throw new IOException("secrets could not be deleted within " + atMost, slow);
        }
    }

    // Output of the agent.

    Path output() {
        return agent().resolve("output.json");
    }

    Path artifacts() {
        return agent().resolve("artifacts");
    }

    Path standardOutput() {
        return launcher().resolve("stdout.log");
    }

    Path standardError() {
        return launcher().resolve("stderr.log");
    }

    // State of the launcher.

    Path pid() {
        return launcher().resolve("sandbox.pid");
    }

    Path exitCode() {
        return launcher().resolve("exit.code");
    }

    Path deadline() {
        return launcher().resolve("deadline");
    }

    Path stopped() {
        return launcher().resolve("stopped");
    }

    Path exceededLimit() {
        return launcher().resolve("exceeded-limit");
    }

    Path profile() {
        return launcher().resolve("profile");
    }

    /** Returns the directory of the secrets with which a workspace is collected. */
    Path collectorSecrets() {
        return launcher().resolve("secrets");
    }

    Path changes() {
        return launcher().resolve("changes.json");
    }

    Path patch() {
        return launcher().resolve("changes.patch");
    }

    /** Returns the file from which the conversation of the agent program can be continued. */
    Path conversation() {
        return launcher().resolve("conversation");
    }

    Path user() {
        return launcher().resolve("user");
    }

    Path controlGroup() {
        return launcher().resolve("cgroup");
    }

    Path forwardedPositions() {
        return launcher().resolve("forwarded");
    }
}
