package dev.errand.process;

import static dev.errand.process.LaunchRequests.PROJECT;
import static dev.errand.process.LaunchRequests.aRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.errand.spi.PortException;
import dev.errand.spi.Secret;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.OutputArtifact;
import dev.errand.spi.sandbox.SandboxExit;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.sandbox.SandboxState;
import dev.errand.spi.workspace.Changes;
import dev.errand.spi.workspace.Workspace;
import dev.errand.spi.workspace.WorkspaceException;
import dev.errand.spi.workspace.WorkspaceProvider;
import dev.errand.workspaces.git.GitWorkspaces;
import dev.errand.workspaces.git.GitWorkspacesBuilder;
import dev.errand.workspaces.git.RepositoryLocations;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Agents that work in a checkout of a bare repository on disk. */
class WorkspacesTest extends AbstractLauncherTest {

    private static final String COMMIT =
            "git -c user.name=Ada -c user.email=ada@example.com commit -q -m ";

    private final List<GitWorkspaces> providers = new ArrayList<>();
    private Path remote;

    @BeforeEach
    void createRemote() throws Exception {
        Path source = directory.resolve("source");
        remote = directory.resolve("remote/farm/fences.git");
        sh(
                directory,
                "git init -q -b main '%s' && cd '%s' && echo one > file.txt && git add . && %s First"
                                .formatted(source, source, COMMIT)
                        + " && git branch release && git clone -q --bare . '%s'".formatted(remote));
    }

    @AfterEach
    void closeProviders() {
        closeAll();
        providers.forEach(GitWorkspaces::close);
    }

    private GitWorkspacesBuilder git() {
        return GitWorkspaces.builder(
                directory.resolve("cache"),
                RepositoryLocations.ofTemplate(directory + "/remote/{repository}.git"));
    }

    private ProcessLauncher launcher(String script, GitWorkspacesBuilder git) {
        GitWorkspaces workspaces = git.build();
        providers.add(workspaces);
        return open(builder(script).workspaces(workspaces));
    }

    private static LaunchRequests request() {
        return aRequest().withBranch("main");
    }

    private static String sh(Path directory, String script) throws Exception {
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

    private static JsonNode members(SandboxExit exit) throws IOException {
        return new JsonMapper().readTree(exit.outputMembers().orElseThrow().text());
    }

    private static String text(OutputArtifact artifact) throws IOException {
        try (InputStream in = artifact.content().open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void changesOfAnAgentBecomeOutputMembersAndAPatchBesideItsOwnResults() throws Exception {
        ProcessLauncher launcher =
                launcher(
                        "[ $PWD = $ERRAND_WORKSPACE ]; git branch --show-current; echo two >> file.txt; "
                                + COMMIT
                                + "'Add a plank' -a; echo new > new.txt;"
                                + " echo '{\"head_branch\":\"mine\"}' > $ERRAND_OUTPUT_FILE;"
                                + " echo own > $ERRAND_ARTIFACTS_DIR/changes.patch",
                        git());

        SandboxExit exit = runToEnd(launcher, request().build());

        String branch = recorder.output().get(0);
        assertThat(branch).startsWith("errand/fence-");
        assertThat(exit.notes()).isEmpty();
        assertThat(members(exit).toString())
                .contains("\"base_branch\":\"main\"")
                .contains("\"head_branch\":\"" + branch + "\"")
                .contains("\"pushed\":false,\"commit_count\":1")
                .contains("\"author\":\"Ada\",\"subject\":\"Add a plank\"")
                .contains("\"changed_file_count\":2")
                .contains(
                        "{\"path\":\"file.txt\",\"status\":\"modified\",\"additions\":1,\"deletions\":0}")
                .contains("{\"path\":\"new.txt\",\"status\":\"added\"");
        assertThat(exit.output()).hasValue("{\"head_branch\":\"mine\"}\n");
        assertThat(exit.artifacts())
                .extracting(OutputArtifact::name)
                .containsExactly("changes-2.patch", "changes.patch");
        assertThat(text(exit.artifacts().get(0))).contains("+two", "+++ b/new.txt");
        assertThat(text(exit.artifacts().get(1))).isEqualTo("own\n");
        assertThat(sh(remote, "git branch --format='%(refname:short)'")).isEqualTo("main\nrelease");
    }

    @Test
    void theNextLaunchersCollectTheChangesOnceAndReadThemThen() throws Exception {
        GitWorkspacesBuilder git = git().push(true);
        GitWorkspaces first = git.build();
        ProcessLauncher killed =
                builder("echo two > file.txt; echo up; while [ ! -e ../go ]; do sleep 0.02; done")
                        .closeAction(CloseAction.LEAVE_RUNNING)
                        .workspaces(first)
                        .build();
        LaunchRequest request = request().build();
        RecordingListener listener = new RecordingListener();
        killed.launch(PROJECT, request, listener);
        listener.awaitLine("up");
        killed.close();
        first.close();
        Files.createFile(files(request.sandbox()).agent().resolve("go"));
        ProcessLauncher next = launcher("false", git);

        state(next, request.sandbox());
        recorder.awaitEnd();

        SandboxExit exit = exit(next, request.sandbox());
        assertThat(exit.exitCode()).isZero();
        assertThat(members(exit).path("pushed").asBoolean()).isTrue();
        assertThat(exit.artifacts()).hasSize(1);

        next.close();
        providers.remove(0).close();
        sh(files(request.sandbox()).workspace(), "rm -rf .git *");
        ProcessLauncher last = launcher("false", git);

        await().until(
                        () ->
                                state(last, request.sandbox()) instanceof SandboxState.Exited exited
                                        && exited.exit()
                                                .outputMembers()
                                                .equals(exit.outputMembers()));
    }

    @Test
    void anAgentThatChangesNothingLeavesNoPatchAndNoBranch() throws Exception {
        SandboxExit exit = runToEnd(launcher("cat file.txt", git()), request().build());

        assertThat(recorder.output()).containsExactly("one");
        assertThat(exit.artifacts()).isEmpty();
        assertThat(members(exit).has("head_branch")).isFalse();
        assertThat(members(exit).path("changed_file_count").asInt()).isZero();
    }

    @Test
    void theWorkBranchIsPushedAndTheRequestedBranchIsItsBase() throws Exception {
        ProcessLauncher launcher = launcher("echo two > file.txt", git().push(true));

        SandboxExit exit = runToEnd(launcher, request().withBranch("release").build());

        String branch = members(exit).path("head_branch").asText();
        assertThat(members(exit).path("base_branch").asText()).isEqualTo("release");
        assertThat(members(exit).path("pushed").asBoolean()).isTrue();
        assertThat(sh(remote, "git show " + branch + ":file.txt")).isEqualTo("two");
    }

    @Test
    void aFailedPushIsANote() throws Exception {
        Path hook = remote.resolve("hooks/pre-receive");
        Files.createDirectories(hook.getParent());
        sh(
                remote,
                "printf '#!/bin/sh\\nexit 1\\n' > hooks/pre-receive; chmod +x hooks/pre-receive");
        ProcessLauncher launcher = launcher("echo two > file.txt", git().push(true));

        SandboxExit exit = runToEnd(launcher, request().build());

        assertThat(members(exit).path("pushed").asBoolean()).isFalse();
        assertThat(exit.notes())
                .singleElement()
                .asString()
                .startsWith("The work branch was not pushed: ");
    }

    @Test
    void everythingIsDeletedWithTheSandboxExceptTheMirror() throws Exception {
        GitWorkspaces workspaces = git().build();
        providers.add(workspaces);
        ProcessLauncher launcher =
                open(
                        builder("echo two > file.txt")
                                .cleanupPolicy(CleanupPolicy.DELETE)
                                .workspaces(workspaces));
        LaunchRequest request = request().withSecret("github_user_token", "planted-token").build();
        runToEnd(launcher, request);
        assertThat(files(request.sandbox()).collectorSecrets()).doesNotExist();
        assertThat(filesWith("planted-token")).isEmpty();

        launcher.discard(PROJECT, request.sandbox());

        await().untilAsserted(
                        () -> {
                            assertThat(workspaces.find(request.sandbox())).isEmpty();
                            assertThat(directory.resolve("cache/workspaces")).isEmptyDirectory();
                            assertThat(workDirectory().resolve(".deleted")).isEmptyDirectory();
                        });
        assertThat(directory.resolve("cache/mirrors/local")).isNotEmptyDirectory();
    }

    private List<Path> filesWith(String text) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).filter(it -> contains(it, text)).toList();
        }
    }

    private static boolean contains(Path file, String text) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).contains(text);
        } catch (IOException gone) {
            return false;
        }
    }

    @Test
    void anUnknownRepositoryFailsTheLaunchForGoodAndLeavesNothing() throws Exception {
        GitWorkspaces workspaces =
                GitWorkspaces.builder(
                                directory.resolve("cache"),
                                RepositoryLocations.ofTemplate(directory + "/{repository}"))
                        .build();
        providers.add(workspaces);
        ProcessLauncher launcher = open(builder("true").workspaces(workspaces));
        LaunchRequest request = request().build();

        assertThatExceptionOfType(PortException.class)
                .isThrownBy(() -> launcher.launch(PROJECT, request, recorder))
                .matches(failure -> !failure.isRetryable())
                .withMessageContaining("farm/fences");

        assertThat(files(request.sandbox()).root()).doesNotExist();
        assertThat(state(launcher, request.sandbox())).isInstanceOf(SandboxState.Gone.class);
    }

    @Test
    void aMissingProgramFailsTheLaunchBeforeTheCheckout() {
        GitWorkspaces workspaces = git().build();
        providers.add(workspaces);
        ProcessLauncher launcher =
                open(
                        ProcessLauncher.builder(
                                        workDirectory(),
                                        AgentCommand.of(List.of("no-such-program")))
                                .workspaces(workspaces));

        assertThatExceptionOfType(PortException.class)
                .isThrownBy(() -> launcher.launch(PROJECT, request().build(), recorder))
                .withMessageContaining("no executable no-such-program");
        assertThat(directory.resolve("cache/mirrors")).doesNotExist();
    }

    @Test
    void changesOfAStoppedAgentAreCollected() throws Exception {
        ProcessLauncher launcher = launcher("echo two > file.txt; echo up; sleep 60", git());
        LaunchRequest request = request().build();
        launcher.launch(PROJECT, request, recorder);
        await().until(() -> recorder.output().contains("up"));

        launcher.stop(PROJECT, request.sandbox(), StopReason.CANCELLED, NO_GRACE);
        recorder.awaitEnd();

        assertThat(exit(launcher, request.sandbox()).artifacts()).hasSize(1);
    }

    @Test
    void closingTheLauncherEndsACheckoutThatTakesLong() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        ProcessLauncher launcher = open(builder("true").workspaces(new EndlessWorkspaces(begun)));
        LaunchRequest request = request().build();
        CompletableFuture<String> launch =
                CompletableFuture.supplyAsync(() -> launcher.launch(PROJECT, request, recorder));
        begun.await();
        assertThat(state(launcher, request.sandbox())).isInstanceOf(SandboxState.Running.class);

        launcher.close();

        assertThat(launch)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(PortException.class);
        assertThat(files(request.sandbox()).root()).doesNotExist();
    }

    /** Prepares a workspace until it is interrupted. */
    private record EndlessWorkspaces(CountDownLatch begun) implements WorkspaceProvider {

        @Override
        public Optional<Workspace> prepare(LaunchRequest request, Path target) {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
                throw new AssertionError();
            } catch (InterruptedException end) {
                throw new WorkspaceException(WorkspaceException.Reason.FAILED, "interrupted");
            }
        }

        @Override
        public Optional<Workspace> find(SandboxId sandbox) {
            return Optional.empty();
        }

        @Override
        public Changes collect(Workspace workspace, Map<String, Secret> secrets) {
            throw new AssertionError();
        }

        @Override
        public void discard(SandboxId sandbox) {}

        @Override
        public void close() {}
    }

    @Test
    void anAgentOfAnotherUserReadsItsOwnMirrorOnly() throws Exception {
        assumeThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))
                .as("only the superuser can start programs as another user")
                .isEqualTo(0);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        GitWorkspaces workspaces = git().readableByOtherUsers(true).push(true).build();
        providers.add(workspaces);
        ProcessLauncher launcher =
                open(
                        builder(
                                        "echo two >> file.txt; %s Two -a; git log --format=%%s; "
                                                        .formatted(COMMIT)
                                                + "ls ../../launcher %1$s/cache %1$s/cache/mirrors/local; cat %1$s/cache/secret"
                                                        .formatted(directory))
                                .sandboxUsers("nobody")
                                .workspaces(workspaces));

        SandboxExit exit =
                runToEnd(launcher, request().withSecret("github_user_token", "planted").build());

        assertThat(recorder.output()).containsExactly("Two", "First");
        assertThat(recorder.error()).hasSize(4).allMatch(line -> line.contains("denied"));
        assertThat(members(exit).path("pushed").asBoolean()).isTrue();
    }

    @Test
    void agentsOfTasksWithoutRepositoryStartInAnEmptyDirectory() throws Exception {
        SandboxExit exit =
                runToEnd(launcher("ls -A", git()), request().withoutRepository().build());

        assertThat(recorder.output()).isEmpty();
        assertThat(exit.outputMembers()).isEmpty();
    }
}
