package dev.errand.process;

import static dev.errand.process.LaunchRequests.PROJECT;
import static dev.errand.process.LaunchRequests.aRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.errand.spi.PortException;
import dev.errand.spi.run.RunId;
import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.SandboxExit;
import dev.errand.spi.sandbox.SandboxState;
import dev.errand.spi.task.TaskId;
import dev.errand.workspaces.git.GitWorkspaces;
import dev.errand.workspaces.git.RepositoryLocations;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Many runs on one repository, and hosts that are killed at random moments. {@code
 * -Derrand.kills=50} kills more of them, {@code -Derrand.seed} chooses other moments.
 */
class WorkspacesUnderLoadTest extends AbstractLauncherTest {

    private static final int RUNS = 8;
    private static final int KILLS = Integer.getInteger("errand.kills", 5);
    private static final int MAX_MILLIS = 4000;

    private Path remote;

    @BeforeEach
    void createRemote() throws Exception {
        remote = directory.resolve("remote/farm/fences.git");
        sh(
                "git init -q -b main source && cd source && head -c 2000000 /dev/urandom > big"
                        + " && echo one > file.txt && git add ."
                        + " && git -c user.name=Ada -c user.email=ada@example.com commit -q -m First"
                        + " && git clone -q --bare . '%s'".formatted(remote));
    }

    private String sh(String script) throws Exception {
        Process process =
                new ProcessBuilder("/bin/sh", "-e", "-c", script)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .start();
        String printed =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return printed.strip();
    }

    private static GitWorkspaces workspaces(Path directory) {
        return GitWorkspaces.builder(
                        directory.resolve("cache"),
                        RepositoryLocations.ofTemplate(directory + "/remote/{repository}.git"))
                .build();
    }

    private static ProcessLauncher launcher(Path directory, GitWorkspaces workspaces) {
        return ProcessLauncher.builder(
                        directory.resolve("sandboxes"), shell("echo two >> file.txt"))
                .cleanupPolicy(CleanupPolicy.DELETE)
                .workspaces(workspaces)
                .build();
    }

    private static LaunchRequest request(UUID run) {
        return aRequest()
                .of(LaunchRequests.id(TaskId.of(new UUID(0, 1)), RunId.of(run)))
                .withBranch("main")
                .build();
    }

    private static SandboxExit runToEnd(ProcessLauncher launcher, UUID run) {
        LaunchRequest request = request(run);
        launcher.launch(PROJECT, request, new RecordingListener());
        SandboxState state =
                await().atMost(1, TimeUnit.MINUTES)
                        .until(
                                () ->
                                        launcher.inspect(
                                                PROJECT,
                                                request.sandbox(),
                                                new RecordingListener()),
                                SandboxState.Exited.class::isInstance);
        return ((SandboxState.Exited) state).exit();
    }

    @Test
    void eightRunsAtOnceFetchOnceAndLeaveTheMirrorOnly() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(RUNS);
        try (GitWorkspaces workspaces = workspaces(directory);
                ProcessLauncher launcher = launcher(directory, workspaces)) {
            List<UUID> runs = Stream.generate(UUID::randomUUID).limit(RUNS).toList();
            List<Future<SandboxExit>> exits = new ArrayList<>();
            for (UUID run : runs) {
                exits.add(threads.submit(() -> runToEnd(launcher, run)));
            }

            for (Future<SandboxExit> exit : exits) {
                assertThat(exit.get(2, TimeUnit.MINUTES).artifacts()).hasSize(1);
            }
            assertThat(packs()).as("each fetch creates a pack").hasSize(1);
            assertThat(bytes(directory.resolve("sandboxes"))).isGreaterThan(RUNS * 2_000_000L);
            for (UUID run : runs) {
                launcher.discard(PROJECT, request(run).sandbox());
            }
            await().ignoreExceptions().untilAsserted(this::assertOnlyTheMirrorIsLeft);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void nothingIsLeftOfHostsThatAreKilledAtAnyMoment() throws Exception {
        Random random = new Random(Long.getLong("errand.seed", 1));
        for (int kill = 0; kill < KILLS; kill++) {
            int millis = random.nextInt(MAX_MILLIS);
            List<UUID> begun = killHostAfter(millis, kill);

            try (GitWorkspaces next = workspaces(directory);
                    ProcessLauncher launcher = launcher(directory, next)) {
                for (UUID run : begun) {
                    finish(launcher, run);
                }
                await("kill %d after %d ms".formatted(kill, millis))
                        .ignoreExceptions()
                        .untilAsserted(this::assertOnlyTheMirrorIsLeft);
            }
        }
    }

    /** Continues a run as a dispatcher does. */
    private static void finish(ProcessLauncher launcher, UUID run) {
        LaunchRequest request = request(run);
        try {
            SandboxExit exit = runToEnd(launcher, run);
            assertThat(exit.notes()).isEmpty();
            assertThat(exit.artifacts()).hasSize(1);
        } catch (PortException endedBefore) {
            assertThat(endedBefore)
                    .hasMessageMatching(
                            ".*(has ended and was discarded|started before and lost).*");
        }
        launcher.discard(PROJECT, request.sandbox());
    }

    /** Starts a host in its own JVM, kills it after a time, and returns the runs that it began. */
    private List<UUID> killHostAfter(int millis, int number) throws Exception {
        Path printed = directory.resolve("host.out");
        Files.deleteIfExists(printed);
        Process host =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xshare:auto",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty(
                                        "surefire.test.class.path",
                                        System.getProperty("java.class.path")),
                                WorkspacesUnderLoadTest.class.getName(),
                                directory.toString(),
                                Integer.toString(number))
                        .redirectOutput(printed.toFile())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        await().until(() -> Files.size(printed) > 0);
        host.waitFor(millis, TimeUnit.MILLISECONDS);
        host.destroyForcibly().onExit().join();
        return Files.readAllLines(printed).stream().skip(1).map(UUID::fromString).toList();
    }

    /** The host: carries out one run after the other. */
    public static void main(String[] arguments) {
        Path directory = Path.of(arguments[0]);
        ProcessLauncher launcher = launcher(directory, workspaces(directory));
        System.out.println("ready");
        for (int n = 0; ; n++) {
            UUID run = new UUID(Long.parseLong(arguments[1]) + 1, n);
            System.out.println(run);
            runToEnd(launcher, run);
            launcher.discard(PROJECT, request(run).sandbox());
        }
    }

    private void assertOnlyTheMirrorIsLeft() throws IOException {
        assertThat(directory.resolve("cache/workspaces")).isEmptyDirectory();
        assertThat(files(directory.resolve("sandboxes")))
                .noneMatch(WorkspacesUnderLoadTest::isKept);
        assertThat(bytes(directory.resolve("cache"))).isLessThan(3_000_000);
        assertThat(files(directory.resolve("cache")))
                .extracting(file -> file.getFileName().toString())
                .noneMatch(name -> name.matches("ticket-.*|scratch-.*|tmp_.*|.*\\.keep|updating"))
                .noneMatch(name -> name.endsWith(".lock") && !name.equals(".errand-git.lock"));
        assertThat(
                        ProcessHandle.allProcesses()
                                .map(process -> process.info().commandLine().orElse(""))
                                .filter(
                                        line ->
                                                line.contains(
                                                        directory.resolve("cache").toString())))
                .isEmpty();
    }

    /** The launcher remembers for an hour which sandboxes were discarded. */
    private static boolean isKept(Path file) {
        String parent = String.valueOf(file.getParent());
        return !parent.endsWith(".discarded") && !parent.endsWith("/sandboxes");
    }

    private List<Path> packs() throws IOException {
        return files(directory.resolve("cache/mirrors")).stream()
                .filter(file -> file.toString().endsWith(".pack"))
                .toList();
    }

    private static List<Path> files(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static long bytes(Path tree) throws IOException {
        long bytes = 0;
        for (Path file : files(tree)) {
            bytes += Files.size(file);
        }
        return bytes;
    }
}
