package dev.errand.process;

import dev.errand.spi.dispatch.LaunchRequest;
import dev.errand.spi.dispatch.SandboxRef;
import dev.errand.spi.run.RunId;
import dev.errand.spi.task.TaskId;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A host of its own that launches one sandbox, waits until it was told "up", and is then gone in an
 * instant.
 */
final class CrashingHost {

    private CrashingHost() {}

    /** Runs such a host to its end; its sandbox lives on. */
    static LaunchRequest run(Path workDirectory, String script) throws Exception {
        LaunchRequest request = Requests.aRequest().withSecret("key", "sesame").build();
        SandboxRef ref = request.sandbox();
        Process host =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xshare:auto",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty(
                                        "surefire.test.class.path",
                                        System.getProperty("java.class.path")),
                                CrashingHost.class.getName(),
                                workDirectory.toString(),
                                ref.task().toString(),
                                ref.run().toString(),
                                script)
                        .redirectErrorStream(true)
                        .redirectOutput(new File("/dev/null"))
                        .start();
        if (!host.waitFor(30, TimeUnit.SECONDS) || host.exitValue() != 9) {
            host.destroyForcibly();
            throw new AssertionError("the host ended with " + host.exitValue());
        }
        return request;
    }

    /** Launches a sandbox and halts without any farewell. */
    public static void main(String[] arguments) throws Exception {
        Path workDirectory = Path.of(arguments[0]);
        SandboxRef ref =
                Requests.ref(
                        TaskId.of(UUID.fromString(arguments[1])),
                        RunId.of(UUID.fromString(arguments[2])));
        ProcessLauncher launcher =
                ProcessLauncher.builder(
                                workDirectory,
                                AgentCommand.of(List.of("/bin/sh", "-c", arguments[3])))
                        .build();
        Recorder recorder = new Recorder();
        launcher.launch(
                Requests.PROJECT,
                Requests.aRequest().of(ref).withSecret("key", "sesame").build(),
                recorder);
        recorder.awaitLine("up");
        Path told = SandboxDirectory.of(workDirectory, ref).told();
        Awaitility.await().until(() -> Files.size(told) > 0);
        Runtime.getRuntime().halt(9);
    }
}
