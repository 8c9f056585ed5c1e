package dev.errand.process;

import dev.errand.spi.sandbox.SandboxId;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The paths of a sandbox's files. They are derived from typed ids only, so they cannot leave the
 * work directory.
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

    // Input of the agent.

    Path prompt() {
        return root.resolve("prompt.txt");
    }

    Path jsonSchema() {
        return root.resolve("schema.json");
    }

    Path attachments() {
        return root.resolve("attachments");
    }

    Path secrets() {
        return root.resolve("secrets");
    }

    Path apiToken() {
        return root.resolve("api.token");
    }

    Path home() {
        return root.resolve("home");
    }

    Path temporary() {
        return root.resolve("tmp");
    }

    Path workspace() {
        return root.resolve("workspace");
    }

    /** Deletes the secrets and the token. Does nothing if they are deleted already. */
    void eraseSecrets() throws IOException {
        PrivateFiles.delete(secrets());
        PrivateFiles.delete(apiToken());
    }

    // Output of the agent.

    Path output() {
        return root.resolve("output.json");
    }

    Path artifacts() {
        return root.resolve("artifacts");
    }

    Path standardOutput() {
        return root.resolve("stdout.log");
    }

    Path standardError() {
        return root.resolve("stderr.log");
    }

    // State of the launcher.

    Path pid() {
        return root.resolve("sandbox.pid");
    }

    Path exitCode() {
        return root.resolve("exit.code");
    }

    Path deadline() {
        return root.resolve("deadline");
    }

    Path stopped() {
        return root.resolve("stopped");
    }

    Path exceededLimit() {
        return root.resolve("exceeded-limit");
    }

    Path forwardedPositions() {
        return root.resolve("forwarded");
    }
}
