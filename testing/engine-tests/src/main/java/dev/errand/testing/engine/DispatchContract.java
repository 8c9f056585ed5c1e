package dev.errand.testing.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.errand.ProjectClient;
import dev.errand.access.Caller;
import dev.errand.dispatch.Dispatcher;
import dev.errand.error.RequestException;
import dev.errand.run.CreateRunRequest;
import dev.errand.run.RunTaskRequest;
import dev.errand.run.StartRunRequest;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.JsonText;
import dev.errand.spi.PortException;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.artifact.ArtifactType;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.ExecutionMode;
import dev.errand.spi.run.PrAuthorshipMode;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.sandbox.AgentReport;
import dev.errand.spi.sandbox.OutputArtifact;
import dev.errand.spi.sandbox.SandboxExit;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.task.TaskId;
import dev.errand.task.CreateTaskRequest;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The dispatch protocol: no run is lost when the launcher throws, none is launched twice, and every
 * run ends with a reason.
 */
public abstract class DispatchContract extends DispatchScene {

    /** For subclasses, one for each backend. */
    protected DispatchContract() {}

    @Test
    void aQueuedRunIsLaunchedAndBecomesInProgress() {
        Run run = launched();

        assertThat(run.status()).isEqualTo(RunStatus.IN_PROGRESS);
        assertThat(getEntry(run).phase()).isEqualTo(QueueEntry.Phase.LAUNCHED);
        assertThat(getEntry(run).handle()).contains("fake:" + SandboxId.of(run));
        assertThat(launcher.launches()).hasSize(1);
        assertThat(launcher.launches().get(0).prompt()).isEqualTo("Fix the cart");
    }

    /**
     * The pending message precedes the override, which precedes the description
     * (docs/wire/runs.md#f).
     */
    @Test
    void thePendingMessageIsTheFirstPrompt() {
        TaskId task =
                project.tasks()
                        .create(CreateTaskRequest.builder().description("described").build())
                        .task()
                        .id();
        project.runs().run(task, RunTaskRequest.builder().pendingUserMessage("  Fix it  ").build());
        dispatcher.runOnce();

        assertThat(launcher.launches().get(0).prompt()).isEqualTo("Fix it");
    }

    /** A created run is launched only after it was started (docs/wire/starting-runs.md#i3). */
    @Test
    void startingTwiceLaunchesOnce() {
        TaskId task = project.tasks().create(CreateTaskRequest.builder().build()).task().id();
        Run run =
                project.runs()
                        .create(
                                task,
                                CreateRunRequest.builder()
                                        .environment(RunEnvironment.CLOUD)
                                        .mode(ExecutionMode.BACKGROUND)
                                        .build());
        dispatcher.runOnce();
        assertThat(launcher.launches()).isEmpty();

        project.runs().start(task, run.id(), StartRunRequest.builder().build());
        project.runs().start(task, run.id(), StartRunRequest.builder().build());
        dispatcher.runOnce();
        dispatcher.runOnce();

        assertThat(launcher.launches()).hasSize(1);
    }

    @Test
    void exitCodeZeroCompletesTheRun() {
        Run run = launched();
        launcher.exit(SandboxId.of(run), 0);
        dispatcher.runOnce();

        Run ended = read(run);
        assertThat(ended.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(ended.endReason()).contains(EndReason.SANDBOX_EXITED);
        assertThat(ended.completedAt()).contains(ended.updatedAt());
        assertThat(findEntry(ended)).isEmpty();
        assertThat(dispatcher.supervisedRuns()).isZero();
    }

    @Test
    void anotherExitCodeFailsTheRunWithCodeAndLastLines() {
        Run run = launched();
        launcher.exit(SandboxId.of(run), 3);
        dispatcher.runOnce();

        assertThat(read(run).status()).isEqualTo(RunStatus.FAILED);
        assertThat(read(run).errorMessage())
                .contains("Agent exited with code 3. Last output:\nlast words");
    }

    @Test
    void outputAndArtifactsOfASandboxAreKept() throws Exception {
        Run run = launched();
        byte[] report = "# Report".getBytes(StandardCharsets.UTF_8);
        launcher.exit(
                SandboxId.of(run),
                new SandboxExit(
                        0,
                        Optional.empty(),
                        Optional.of("{ \"files\": 3 }"),
                        Optional.empty(),
                        List.of(
                                new OutputArtifact(
                                        "out/report.md",
                                        report.length,
                                        "text/markdown",
                                        () -> new ByteArrayInputStream(report))),
                        List.of()));
        dispatcher.runOnce();

        Run ended = read(run);
        assertThat(ended.output()).contains(JsonText.of("{\"files\":3}"));
        Artifact artifact = ended.artifacts().get(0);
        assertThat(artifact.name()).isEqualTo("report.md");
        assertThat(artifact.type()).isEqualTo(ArtifactType.OUTPUT);
        assertThat(objects.open(PROJECT, artifact.storagePath()).orElseThrow().readAllBytes())
                .isEqualTo(report);
    }

    @Test
    void theReportOfTheAgentProgramBecomesPartOfTheState() {
        Run run = launched();
        launcher.exit(
                SandboxId.of(run),
                exitWith(
                        new AgentReport(
                                Optional.of(JsonText.of("{\"turns\":1}")),
                                Optional.of("s-1"),
                                Optional.of("provider limit: try later"))));
        dispatcher.runOnce();

        Run ended = read(run);
        assertThat(ended.status()).isEqualTo(RunStatus.FAILED);
        assertThat(ended.errorMessage()).contains("Agent failed: provider limit: try later");
        assertThat(ended.state().text())
                .contains("\"token_usage\":{\"turns\":1}", "\"agent_session_id\":\"s-1\"");
    }

    @Test
    void entriesOfALauncherAreAppendedAsTheyAre() {
        Run run = launched();
        JsonText entry = JsonText.of("{\"type\":\"notification\",\"n\":1.50}");
        launcher.log(SandboxId.of(run), List.of(entry));

        assertThat(log(run)).containsExactly(entry.text());
    }

    private static SandboxExit exitWith(AgentReport report) {
        return new SandboxExit(
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        List.of())
                .withReport(report);
    }

    /** An agent that left something that cannot be kept has done its work nevertheless. */
    @Test
    void whatWasLeftOutOfTheResultIsNotedInTheLog() {
        Run run = launched();
        launcher.exit(
                SandboxId.of(run),
                new SandboxExit(
                        0,
                        Optional.empty(),
                        Optional.of("{\"files\":3}"),
                        Optional.empty(),
                        List.of("1 artifacts left out, unreadable: a", "b is \u0007 missing"),
                        List.of(),
                        List.of()));
        dispatcher.runOnce();

        Run ended = read(run);
        assertThat(ended.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(ended.errorMessage()).isEmpty();
        assertThat(ended.output()).contains(JsonText.of("{\"files\":3}"));
        assertThat(log(run))
                .containsExactly(
                        "Left out of the result: 1 artifacts left out, unreadable: a;"
                                + " b is \uFFFD missing");
    }

    /** The manifest says which file is which (docs/wire/artifacts.md#h3). */
    @Test
    void artifactsThatWouldShareANameKeepTheirRelativePaths() {
        Run run = launched();
        launcher.exit(
                SandboxId.of(run),
                new SandboxExit(
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(file("web/report.md"), file("api/report.md"), file("out/a.md")),
                        List.of()));
        dispatcher.runOnce();

        assertThat(read(run).artifacts())
                .extracting(Artifact::name)
                .containsExactly("web/report.md", "api/report.md", "a.md");
        assertThat(read(run).artifacts())
                .extracting(Artifact::storagePath)
                .doesNotHaveDuplicates()
                .allSatisfy(key -> assertThat(key).doesNotContain("web", "api/"));
    }

    private static OutputArtifact file(String path) {
        return new OutputArtifact(path, 1, "", () -> new ByteArrayInputStream(new byte[1]));
    }

    @Test
    void outputThatIsNotJsonFailsTheRun() {
        Run run = launched();
        launcher.exit(
                SandboxId.of(run),
                new SandboxExit(
                        0,
                        Optional.empty(),
                        Optional.of("{broken"),
                        Optional.empty(),
                        List.of(),
                        List.of()));
        dispatcher.runOnce();

        assertThat(read(run).status()).isEqualTo(RunStatus.FAILED);
        assertThat(read(run).errorMessage()).contains("The agent's output is not JSON.");
    }

    @Test
    void outputBeyondALimitFailsTheRunWithThatLimit() {
        Run run = launched();
        launcher.exit(
                SandboxId.of(run),
                new SandboxExit(
                        0,
                        Optional.empty(),
                        Optional.of("[".repeat(500) + "]".repeat(500)),
                        Optional.empty(),
                        List.of(),
                        List.of()));
        dispatcher.runOnce();

        assertThat(read(run).errorMessage())
                .contains(
                        "The agent's output is rejected: JSON nesting is deeper than 100 levels.");
    }

    @Test
    void outputMayBeginWithAByteOrderMark() {
        Run run = launched();
        launcher.exit(
                SandboxId.of(run),
                new SandboxExit(
                        0,
                        Optional.empty(),
                        Optional.of("\ufeff{\"files\":3}"),
                        Optional.empty(),
                        List.of(),
                        List.of()));
        dispatcher.runOnce();

        assertThat(read(run).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(read(run).output()).contains(JsonText.of("{\"files\":3}"));
    }

    @Test
    void outputThatViolatesTheSchemaOfTheTaskFailsTheRun() {
        TaskId task =
                project.tasks()
                        .create(
                                CreateTaskRequest.builder()
                                        .jsonSchema(JsonText.of("{\"required\":[\"pr_url\"]}"))
                                        .build())
                        .task()
                        .id();
        Run run =
                project.runs()
                        .run(task, RunTaskRequest.builder().build())
                        .latestRun()
                        .orElseThrow();
        dispatcher.runOnce();
        launcher.exit(
                launcher.lastSandbox(),
                new SandboxExit(
                        0,
                        Optional.empty(),
                        Optional.of("{}"),
                        Optional.empty(),
                        List.of(),
                        List.of()));
        dispatcher.runOnce();

        assertThat(read(run).status()).isEqualTo(RunStatus.FAILED);
        assertThat(read(run).errorMessage().orElseThrow()).startsWith("Output validation error: ");
    }

    @Test
    void aFailedLaunchIsRetriedUnderTheNextAttempt() {
        launcher.failNextLaunch("no room");
        Run run = launched();

        assertThat(run.status()).isEqualTo(RunStatus.QUEUED);
        assertThat(run.attempt()).isEqualTo(2);
        assertThat(getEntry(run).lastFailure()).contains("SandboxLauncher: no room");
        dispatcher.runOnce();
        assertThat(launcher.launches()).as("before the backoff has elapsed").isEmpty();

        clock.advance(Duration.ofSeconds(2));
        dispatcher.runOnce();
        assertThat(launcher.launches()).hasSize(1);
        assertThat(launcher.lastSandbox().attempt()).isEqualTo(2);
        assertThat(read(run).status()).isEqualTo(RunStatus.IN_PROGRESS);
    }

    @Test
    void anUnexpectedExceptionOfTheLauncherIsRetried() {
        launcher.throwAtNextLaunch(new IllegalStateException("bug"));
        Run run = launched();
        assertThat(getEntry(run).lastFailure()).contains("bug");

        clock.advance(Duration.ofSeconds(2));
        dispatcher.runOnce();
        assertThat(read(run).status()).isEqualTo(RunStatus.IN_PROGRESS);
    }

    /** Permanent failures are not retried (docs/wire/runs.md#g6). */
    @Test
    void aPermanentLaunchFailureFailsTheRunAtOnce() {
        launcher.throwAtNextLaunch(PortException.permanent("SandboxLauncher", "no such program"));
        SandboxId only = SandboxId.of(queue());
        dispatcher.runOnce();

        Run run = project.runs().get(only.task(), only.run());
        assertThat(run.status()).isEqualTo(RunStatus.FAILED);
        assertThat(run.endReason()).contains(EndReason.LAUNCH_FAILED);
        assertThat(run.errorMessage())
                .contains("Failed to start task workflow: SandboxLauncher: no such program");
        assertThat(findEntry(run)).isEmpty();
        assertThat(launcher.discarded()).containsExactly(only);
    }

    @Test
    void theSandboxOfAFailedLaunchIsDiscarded() {
        launcher.failNextLaunch("no room");
        Run run = queue();
        SandboxId first = SandboxId.of(run);
        dispatcher.runOnce();

        assertThat(launcher.discarded()).containsExactly(first);
    }

    /** See docs/wire/runs.md#g6. */
    @Test
    void afterTheDispatchWindowTheRunFailsWithTheCause() {
        Run run = queue();
        for (int i = 0; i < 40; i++) {
            launcher.failNextLaunch("no room");
            dispatcher.runOnce();
            clock.advance(Duration.ofMinutes(1));
        }

        assertThat(read(run).status()).isEqualTo(RunStatus.FAILED);
        assertThat(read(run).endReason()).contains(EndReason.LAUNCH_FAILED);
        assertThat(read(run).errorMessage())
                .contains("Failed to start task workflow: SandboxLauncher: no room");
        assertThat(launcher.launches()).isEmpty();
    }

    /** A node dies after the launch; the next owner adopts the sandbox. */
    @Test
    void afterATakeoverTheSandboxIsAdopted() {
        Run run = launched();
        Dispatcher other = errand.dispatcher(launcher, options("node-2"));
        other.runOnce();
        assertThat(other.supervisedRuns()).as("while the lease is live").isZero();

        clock.advance(LEASE.plusSeconds(1));
        other.runOnce();
        assertThat(other.supervisedRuns()).isEqualTo(1);
        launcher.exit(SandboxId.of(run), 0);
        other.runOnce();

        assertThat(launcher.launches()).hasSize(1);
        assertThat(read(run).status()).isEqualTo(RunStatus.COMPLETED);
        other.close();
    }

    @Test
    void aReplacedOwnerWritesNothing() {
        Run run = launched();
        clock.advance(LEASE.plusSeconds(1));
        Dispatcher other = errand.dispatcher(launcher, options("node-2"));
        other.runOnce();
        dispatcher.runOnce();

        assertThat(dispatcher.supervisedRuns()).isZero();
        assertThat(read(run).status()).isEqualTo(RunStatus.IN_PROGRESS);
        assertThat(launcher.running()).isEqualTo(1);
        other.close();
    }

    @Test
    void aLostSandboxFailsTheRun() {
        Run run = launched();
        launcher.lose(SandboxId.of(run));
        dispatcher.runOnce();

        assertThat(read(run).status()).isEqualTo(RunStatus.FAILED);
        assertThat(read(run).endReason()).contains(EndReason.SANDBOX_LOST);
    }

    @Test
    void cancellingStopsTheSandbox() {
        Run run = launched();
        project.runs()
                .update(
                        run.task(),
                        run.id(),
                        UpdateRunRequest.builder().status(RunStatus.CANCELLED).build());
        assertThat(read(run).status()).isEqualTo(RunStatus.CANCELLED);
        dispatcher.runOnce();
        dispatcher.runOnce();

        assertThat(launcher.stopOf(SandboxId.of(run))).contains(StopReason.CANCELLED);
        assertThat(launcher.running()).isZero();
        assertThat(read(run).status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(findEntry(run)).isEmpty();
        assertThat(dispatcher.supervisedRuns()).isZero();
    }

    @Test
    void aSandboxThatIgnoresTheStopRemainsSupervised() {
        launcher.ignoreStops();
        Run run = launched();
        project.runs()
                .update(
                        run.task(),
                        run.id(),
                        UpdateRunRequest.builder().status(RunStatus.CANCELLED).build());
        dispatcher.runOnce();
        dispatcher.runOnce();
        assertThat(dispatcher.supervisedRuns()).isEqualTo(1);

        launcher.exit(SandboxId.of(run), 137);
        dispatcher.runOnce();
        assertThat(dispatcher.supervisedRuns()).isZero();
        assertThat(read(run).status()).isEqualTo(RunStatus.CANCELLED);
    }

    @Test
    void cancellingAQueuedRunLaunchesNothing() {
        Run run = queue();
        project.runs()
                .update(
                        run.task(),
                        run.id(),
                        UpdateRunRequest.builder().status(RunStatus.CANCELLED).build());
        dispatcher.runOnce();
        dispatcher.runOnce();

        assertThat(launcher.launches()).isEmpty();
        assertThat(findEntry(run)).isEmpty();
    }

    /** Output that the agent sends after it reported the end is kept. */
    @Test
    void anEndReportedByTheAgentLeavesItTimeToFinish() {
        Run run = launched();
        project.runs()
                .update(
                        run.task(),
                        run.id(),
                        UpdateRunRequest.builder().status(RunStatus.COMPLETED).build());
        dispatcher.runOnce();
        assertThat(launcher.stopOf(SandboxId.of(run))).isEmpty();
        project.runs()
                .update(
                        run.task(),
                        run.id(),
                        UpdateRunRequest.builder().branch("fix/cart").build());
        assertThat(read(run).branch()).contains("fix/cart");

        clock.advance(Duration.ofSeconds(31));
        dispatcher.runOnce();
        dispatcher.runOnce();
        assertThat(launcher.stopOf(SandboxId.of(run))).contains(StopReason.ENDED);
        assertThat(read(run).status()).isEqualTo(RunStatus.COMPLETED);
    }

    /** See docs/wire/tasks.md#a10. */
    @Test
    void deletingTheTaskStopsTheSandboxAndCancelsTheRun() {
        Run run = launched();
        project.tasks().delete(run.task());
        assertThatThrownBy(() -> read(run)).isInstanceOf(RequestException.class);
        dispatcher.runOnce();
        dispatcher.runOnce();

        assertThat(launcher.stopOf(SandboxId.of(run))).contains(StopReason.TASK_DELETED);
        Run ended = stored(run);
        assertThat(ended.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(ended.endReason()).contains(EndReason.TASK_DELETED);
    }

    /** The node that deleted the task died before it cancelled the runs. */
    @Test
    void aQueuedRunOfADeletedTaskIsCancelledWhenItIsClaimed() {
        Run run = queue();
        backend.tasks()
                .update(
                        PROJECT,
                        backend.tasks()
                                .find(PROJECT, run.task())
                                .orElseThrow()
                                .task()
                                .markDeleted(clock.instant()));
        dispatcher.runOnce();
        dispatcher.runOnce();

        assertThat(launcher.launches()).isEmpty();
        assertThat(stored(run).status()).isEqualTo(RunStatus.CANCELLED);
    }

    /** An agent may report before its launch is recorded. */
    @Test
    void aReportDuringTheLaunchDoesNotEndSupervision() {
        Run run = queue();
        launcher.duringLaunch(
                () ->
                        project.runs()
                                .update(
                                        run.task(),
                                        run.id(),
                                        UpdateRunRequest.builder()
                                                .status(RunStatus.IN_PROGRESS)
                                                .build()));
        dispatcher.runOnce();

        assertThat(read(run).status()).isEqualTo(RunStatus.IN_PROGRESS);
        assertThat(getEntry(run).phase()).isEqualTo(QueueEntry.Phase.LAUNCHED);
        launcher.exit(SandboxId.of(run), 0);
        dispatcher.runOnce();
        assertThat(read(run).status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void aCancellationDuringTheLaunchStopsTheSandbox() {
        Run run = queue();
        launcher.duringLaunch(
                () ->
                        project.runs()
                                .update(
                                        run.task(),
                                        run.id(),
                                        UpdateRunRequest.builder()
                                                .status(RunStatus.CANCELLED)
                                                .build()));
        dispatcher.runOnce();
        dispatcher.runOnce();
        dispatcher.runOnce();

        assertThat(read(run).status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(launcher.running()).isZero();
    }

    /** A foreign agent executes the run (docs/wire/runs.md#g3). */
    @Test
    void aRunStartedByAForeignAgentIsNotLaunched() {
        Run run = queue();
        project.runs()
                .update(
                        run.task(),
                        run.id(),
                        UpdateRunRequest.builder().status(RunStatus.IN_PROGRESS).build());
        dispatcher.runOnce();

        assertThat(launcher.launches()).isEmpty();
        assertThat(read(run).status()).isEqualTo(RunStatus.IN_PROGRESS);
        assertThat(dispatcher.supervisedRuns()).isZero();
    }

    /** See docs/wire/runs.md#g5. */
    @Test
    void aHandoffStopsTheSandboxAndKeepsTheStatus() {
        Run run = launched();
        project.runs().update(run.task(), run.id(), UpdateRunRequest.builder().handOff().build());
        dispatcher.runOnce();
        dispatcher.runOnce();

        assertThat(launcher.stopOf(SandboxId.of(run))).contains(StopReason.HANDOFF);
        assertThat(read(run).status()).isEqualTo(RunStatus.IN_PROGRESS);
        assertThat(read(run).environment()).isEqualTo(RunEnvironment.LOCAL);
        assertThat(dispatcher.supervisedRuns()).isZero();
    }

    /** See docs/wire/guarantees.md#j28. */
    @Test
    void aTokenThatExpiredBeforeTheLaunchFailsTheRun() {
        TaskId task =
                project.tasks()
                        .create(CreateTaskRequest.builder().repository("acme/mobile").build())
                        .task()
                        .id();
        RunTaskRequest request =
                RunTaskRequest.builder()
                        .prAuthorshipMode(PrAuthorshipMode.USER)
                        .githubUserToken("ghu_planted")
                        .build();
        Run run = project.runs().run(task, request).latestRun().orElseThrow();
        backend.secrets().erase(PROJECT, run.id());
        dispatcher.runOnce();

        assertThat(read(run).status()).isEqualTo(RunStatus.FAILED);
        assertThat(read(run).endReason()).contains(EndReason.CREDENTIAL_EXPIRED);
    }

    @Test
    void theGithubTokenReachesTheSandboxAndIsErasedAtTheEnd() {
        TaskId task =
                project.tasks()
                        .create(CreateTaskRequest.builder().repository("acme/mobile").build())
                        .task()
                        .id();
        RunTaskRequest request =
                RunTaskRequest.builder()
                        .prAuthorshipMode(PrAuthorshipMode.USER)
                        .githubUserToken("ghu_planted")
                        .build();
        Run run = project.runs().run(task, request).latestRun().orElseThrow();
        dispatcher.runOnce();
        assertThat(launcher.launches().get(0).secrets().get("github_user_token").reveal())
                .isEqualTo("ghu_planted");

        launcher.exit(launcher.lastSandbox(), 0);
        dispatcher.runOnce();
        assertThat(backend.secrets().find(PROJECT, run.id())).isEmpty();
    }

    @Test
    void outputOfASandboxIsLoggedInOrder() {
        Run run = launched();
        launcher.print(SandboxId.of(run), "one");
        launcher.print(SandboxId.of(run), "two \u2603");

        assertThat(project.runs().readLog(run.task(), run.id(), 0, 10))
                .extracting(line -> line.json().text())
                .satisfiesExactly(
                        first -> assertThat(first).contains("\"message\":\"one\""),
                        second -> assertThat(second).contains("\"message\":\"two \u2603\""));
    }

    @Test
    void noMoreRunsThanSlotsAreSupervised() {
        dispatcher.close();
        dispatcher = errand.dispatcher(launcher, options("node-3").withSlots(2));
        for (int i = 0; i < 5; i++) {
            queue();
        }
        dispatcher.runOnce();
        dispatcher.runOnce();
        assertThat(launcher.running()).isEqualTo(2);

        launcher.exit(launcher.launches().get(0).sandbox(), 0);
        dispatcher.runOnce();
        dispatcher.runOnce();
        assertThat(launcher.launches()).hasSize(3);

        try (Dispatcher other = errand.dispatcher(launcher, options("node-4"))) {
            assertThat(other.runOnce()).as("claimed by the other dispatcher").isEqualTo(2);
        }
    }

    /** The token is stale after another attempt replaced that of the agent. */
    @Test
    void writesWithTheTokenOfASupersededAttemptAreRejected() {
        Run run = launched();
        Caller agent =
                Caller.agent(
                        Optional.empty(),
                        errand.sandboxTokens()
                                .verify(launcher.launches().get(0).apiToken().reveal())
                                .orElseThrow());
        ProjectClient asAgent = errand.project(PROJECT, agent);
        asAgent.runs()
                .update(run.task(), run.id(), UpdateRunRequest.builder().stage("build").build());
        assertThat(read(run).stage()).contains("build");

        supersede(run);
        assertThatThrownBy(
                        () ->
                                asAgent.runs()
                                        .update(
                                                run.task(),
                                                run.id(),
                                                UpdateRunRequest.builder().stage("late").build()))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("superseded");
        assertThat(read(run).stage()).contains("build");
    }
}
