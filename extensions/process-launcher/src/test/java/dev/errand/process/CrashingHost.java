package dev.errand.process;

import dev.errand.spi.dispatch.LaunchRequest;
import dev.errand.spi.dispatch.SandboxId;
import dev.errand.spi.run.RunId;
import dev.errand.spi.task.TaskId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;

/** A host in a JVM of its own, with one sandbox, that can be paused and killed. */
final class CrashingHost implements AutoCloseable {

    private static final String READY = "ready";

    private final Process process;
    private final LaunchRequest request;

    private CrashingHost(Process process, LaunchRequest request) {
        this.process = process;
        this.request = request;
    }

    /** What such a host does with its sandbox. */
    private enum Deed {
        /** Launches it, and waits until it was told "up". */
        LAUNCH,
        /** Is about to launch it, for ever. */
        HOLD
    }

    /** Runs such a host and kills it; its sandbox lives on. */
    static LaunchRequest run(Path workDirectory, String script) throws Exception {
        try (CrashingHost host = launching(workDirectory, script)) {
            return host.request();
        }
    }

    /** Starts one that launches a sandbox, and waits until it was told "up". */
    static CrashingHost launching(Path workDirectory, String script) throws Exception {
        return start(Deed.LAUNCH, workDirectory, script);
    }

    /** Starts one that is about to launch a sandbox. */
    static CrashingHost holding(Path workDirectory) throws Exception {
        return start(Deed.HOLD, workDirectory, "");
    }

    private static CrashingHost start(Deed deed, Path workDirectory, String script)
            throws Exception {
        LaunchRequest request = Requests.aRequest().withSecret("key", "sesame").build();
        SandboxId ref = request.sandbox();
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
                                deed.name(),
                                workDirectory.toString(),
                                ref.task().toString(),
                                ref.run().toString(),
                                script)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        String said = process.inputReader().readLine();
        if (!READY.equals(said)) {
            process.destroyForcibly();
            throw new AssertionError("the host said " + said);
        }
        return new CrashingHost(process, request);
    }

    LaunchRequest request() {
        return request;
    }

    /** Stops its clock, so to speak: it keeps all it has and does nothing. */
    void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** Lets it go on as if nothing had been. */
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

    /** SIGKILL; returns when it has ended. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Does its deed, says so, and lives as long as the process that started it. */
    public static void main(String[] arguments) throws Exception {
        Path workDirectory = Path.of(arguments[1]);
        SandboxId ref =
                Requests.ref(
                        TaskId.of(UUID.fromString(arguments[2])),
                        RunId.of(UUID.fromString(arguments[3])));
        switch (Deed.valueOf(arguments[0])) {
            case LAUNCH -> launch(workDirectory, ref, arguments[4]);
            case HOLD -> {
                Hold hold = new Hold(WorkDirectory.open(workDirectory), ref);
                if (!hold.take()) {
                    throw new IllegalStateException("somebody else has it");
                }
            }
        }
        System.out.println(READY);
        System.in.read();
        Runtime.getRuntime().halt(0);
    }

    private static void launch(Path workDirectory, SandboxId ref, String script)
            throws InterruptedException {
        ProcessLauncher launcher =
                ProcessLauncher.builder(
                                workDirectory, AgentCommand.of(List.of("/bin/sh", "-c", script)))
                        .build();
        Recorder recorder = new Recorder();
        launcher.launch(
                Requests.PROJECT,
                Requests.aRequest().of(ref).withSecret("key", "sesame").build(),
                recorder);
        recorder.awaitLine("up");
        Path told = SandboxDirectory.of(workDirectory, ref).told();
        Awaitility.await().until(() -> Files.size(told) > 0);
    }
}
