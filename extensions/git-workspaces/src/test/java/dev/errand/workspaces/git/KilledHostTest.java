package dev.errand.workspaces.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * A host is killed at random moments while it prepares and collects; the next one continues. {@code
 * -Derrand.kills=50} repeats this more often, {@code -Derrand.seed} chooses other moments.
 */
class KilledHostTest extends AbstractWorkspaceTest {

    private static final String TOKEN = "planted-git-token";
    private static final int KILLS = Integer.getInteger("errand.kills", 2);
    private static final int MAX_MILLIS = 6000;

    @Test
    void nextHostContinuesAfterAKillAtAnyMoment() throws Exception {
        Random random = new Random(Long.getLong("errand.seed", 1));
        for (int kill = 0; kill < KILLS; kill++) {
            String newest = Shell.commit(bare(), "head -c 300000 /dev/urandom > big");
            Requests request =
                    Requests.of("acme/mobile")
                            .withRun(new UUID(random.nextLong(), random.nextLong()).toString());
            // Half of the kills are early, where most happens.
            int millis = random.nextInt(random.nextBoolean() ? MAX_MILLIS : MAX_MILLIS / 3);
            String description = "kill %d after %d ms".formatted(kill, millis);
            killAfter(millis, request);

            try (GitWorkspaces next = builder().build()) {
                LaunchRequest launch = request.build();
                Workspace workspace = next.prepare(launch, directory(launch)).orElseThrow();
                assertThat(workspace.baseCommit()).as(description).isEqualTo(newest);
                assertThat(
                                Shell.run(
                                        workspace.directory(),
                                        "git fsck 2>&1 | grep -v dangling || true"))
                        .as(description)
                        .isEmpty();
                Shell.run(workspace.directory(), "echo mine > mine");
                assertThat(collect(next, workspace).fileCount()).as(description).isEqualTo(1);
                assertThat(leftovers()).as(description).isEmpty();
                next.discard(workspace.sandbox());
                assertThat(FileTrees.entries(cache().resolve("workspaces")))
                        .as(description)
                        .isEmpty();
                assertThat(directory(launch)).doesNotExist();
            }
            assertNoGitProcessIsLeft(description);
        }
        Path mirror = FileTrees.entries(cache().resolve("mirrors/local")).get(0);
        assertThat(
                        Shell.run(
                                MirrorFiles.repository(mirror),
                                "git fsck --full 2>&1 | grep -v dangling || true"))
                .isEmpty();
    }

    private void assertNoGitProcessIsLeft(String description) {
        assertThat(
                        ProcessHandle.allProcesses()
                                .filter(
                                        process ->
                                                process.info()
                                                        .commandLine()
                                                        .filter(it -> it.contains(root.toString()))
                                                        .isPresent()))
                .as(description)
                .isEmpty();
    }

    @Test
    void gitProcessAndSecretOfAKilledHostDoNotOutliveIt() throws Exception {
        Requests request = Requests.of("acme/mobile").withToken(TOKEN);
        CountDownLatch fetching = new CountDownLatch(1);
        CountDownLatch mayAnswer = new CountDownLatch(1);
        try (GitHttpServer server =
                GitHttpServer.start(root.resolve("remote"), "x-access-token", TOKEN)) {
            server.duringRequest(
                    () -> {
                        if (server.commands().contains("fetch")) {
                            fetching.countDown();
                            awaitQuietly(mayAnswer);
                        }
                    });
            Process host = startHost(server.template(), request);
            assertThat(fetching.await(2, TimeUnit.MINUTES)).as("the host fetches").isTrue();
            List<ProcessHandle> git = host.descendants().toList();
            assertThat(filesWithToken()).as("the secret is in a file meanwhile").hasSize(1);
            host.destroyForcibly().onExit().join();
            assertThat(git).as("git outlives the host").anyMatch(ProcessHandle::isAlive);

            try (GitWorkspaces next =
                    GitWorkspaces.builder(
                                    cache(), RepositoryLocations.ofTemplate(server.template()))
                            .build()) {
                assertThat(git).as("git after the start").noneMatch(ProcessHandle::isAlive);
                assertThat(filesWithToken()).isEmpty();
                mayAnswer.countDown();
                assertThat(prepare(next, request).directory().resolve("file.txt")).exists();
                assertThat(leftovers()).isEmpty();
            }
        } finally {
            mayAnswer.countDown();
        }
    }

    @Test
    void lockAndTemporaryFilesOfAKilledGitAreDeleted() throws Exception {
        GitWorkspaces workspaces = open();
        Path objects = prepare(workspaces).readOnlyPaths().get(0);
        Shell.run(
                objects.getParent(),
                "touch ../updating packed-refs.lock refs/heads/main.lock shallow.lock config.lock"
                        + " objects/pack/tmp_pack_x objects/pack/pack-1.keep objects/tmp_obj_y HEAD.lock");
        String newest = Shell.commit(bare(), "echo more > more");

        assertThat(prepare(workspaces).baseCommit()).isEqualTo(newest);
        assertThat(leftovers()).isEmpty();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(2, TimeUnit.MINUTES);
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Path> filesWithToken() throws IOException {
        return FileTrees.files(cache()).stream()
                .filter(file -> Shell.run(root, "cat '" + file + "' | tr -d '\\0'").contains(TOKEN))
                .toList();
    }

    /** Starts a host in its own JVM and kills it after a time. */
    private void killAfter(int millis, Requests request) throws Exception {
        Process host = startHost(root + "/remote/{repository}", request);
        host.waitFor(millis, TimeUnit.MILLISECONDS);
        host.destroyForcibly().onExit().join();
    }

    private Process startHost(String template, Requests request) throws IOException {
        Process host =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xshare:auto",
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty(
                                        "surefire.test.class.path",
                                        System.getProperty("java.class.path")),
                                KilledHostTest.class.getName(),
                                root.toString(),
                                template,
                                request.run().toString())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        assertThat(host.inputReader().readLine()).isEqualTo("ready");
        return host;
    }

    /** The host: prepares a workspace, collects and discards it, over and over. */
    public static void main(String[] arguments) throws Exception {
        Path root = Path.of(arguments[0]);
        LaunchRequest request =
                Requests.of("acme/mobile").withRun(arguments[2]).withToken(TOKEN).build();
        Path directory = root.resolve("sandboxes").resolve(arguments[2]);
        GitWorkspaces workspaces =
                GitWorkspaces.builder(
                                root.resolve("cache"), RepositoryLocations.ofTemplate(arguments[1]))
                        .build();
        System.out.println("ready");
        while (true) {
            Workspace workspace = workspaces.prepare(request, directory).orElseThrow();
            Files.writeString(directory.resolve("mine"), "mine\n");
            collect(workspaces, workspace);
            workspaces.discard(workspace.sandbox());
        }
    }
}
