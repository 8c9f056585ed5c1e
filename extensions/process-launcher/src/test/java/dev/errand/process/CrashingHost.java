package dev.errand.process;

import dev.errand.spi.run.RunId;
import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.task.TaskId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;

/** A host in its own JVM, with one sandbox, that can be paused and killed. */
final class CrashingHost implements AutoCloseable {

    private static final String READY = "ready";

    private final Process process;
    private final LaunchRequest request;

    private CrashingHost(Process process, LaunchRequest request) {
        this.process = process;
        this.request = request;
    }

    /** What the host does with its sandbox. */
    private enum Action {
        /** Launches it and waits until the agent has printed "up". */
        LAUNCH,
        /** Acquires the sandbox's lock and never launches it. */
        LOCK
    }

    /** Runs a host and kills it. Its sandbox stays alive. */
    static LaunchRequest run(Path workDirectory, String script) throws Exception {
        try (CrashingHost host = launching(workDirectory, script)) {
            return host.request();
        }
    }

    /** Starts a host that launches a sandbox, and waits until the agent has printed "up". */
    static CrashingHost launching(Path workDirectory, String script) throws Exception {
        return start(Action.LAUNCH, workDirectory, script);
    }

    /** Starts a host that holds the lock of a sandbox that it does not start. */
    static CrashingHost locking(Path workDirectory) throws Exception {
        return start(Action.LOCK, workDirectory, "");
    }

    private static CrashingHost start(Action action, Path workDirectory, String script)
            throws Exception {
        LaunchRequest request = LaunchRequests.aRequest().withSecret("key", "sesame").build();
        SandboxId id = request.sandbox();
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xshare:auto",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty(
                                        "surefire.test.class.path",
                                        System.getProperty("java.class.path")),
                                CrashingHost.class.getName(),
                                action.name(),
                                workDirectory.toString(),
                                id.task().toString(),
                                id.run().toString(),
                                script)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        String reply = process.inputReader().readLine();
        if (!READY.equals(reply)) {
            process.destroyForcibly();
            throw new AssertionError("unexpected reply of the host: " + reply);
        }
        return new CrashingHost(process, request);
    }

    LaunchRequest request() {
        return request;
    }

    /** Sends SIGSTOP. */
    void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** Sends SIGCONT. */
    void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-s", name, Long.toString(process.pid())).start().waitFor();
    }

    @Override
    public void close() {
        kill();
    }

    /** Sends SIGKILL and waits for the end of the process. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Performs the action, prints a line, and runs until standard input is closed. */
    public static void main(String[] arguments) throws Exception {
        Path workDirectory = Path.of(arguments[1]);
        SandboxId id =
                LaunchRequests.id(
                        TaskId.of(UUID.fromString(arguments[2])),
                        RunId.of(UUID.fromString(arguments[3])));
        switch (Action.valueOf(arguments[0])) {
            case LAUNCH -> launch(workDirectory, id, arguments[4]);
            case LOCK -> {
                SandboxLock lock = new SandboxLock(WorkDirectory.open(workDirectory), id);
                if (!lock.tryAcquire()) {
                    throw new IllegalStateException("the sandbox is locked");
                }
            }
        }
        System.out.println(READY);
        System.in.read();
        Runtime.getRuntime().halt(0);
    }

    private static void launch(Path workDirectory, SandboxId id, String script)
            throws InterruptedException {
        ProcessLauncher launcher =
                ProcessLauncher.builder(
                                workDirectory, AgentCommand.of(List.of("/bin/sh", "-c", script)))
                        .build();
        RecordingListener recorder = new RecordingListener();
        launcher.launch(
                LaunchRequests.PROJECT,
                LaunchRequests.aRequest().of(id).withSecret("key", "sesame").build(),
                recorder);
        recorder.awaitLine("up");
        Path positions = SandboxDirectory.of(workDirectory, id).forwardedPositions();
        Awaitility.await().until(() -> Files.size(positions) > 0);
    }
}
