package dev.errand.tck.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.sandbox.Attachment;
import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.OutputArtifact;
import dev.errand.spi.sandbox.SandboxExit;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.sandbox.SandboxLauncher;
import dev.errand.spi.sandbox.SandboxListener.Source;
import dev.errand.spi.sandbox.SandboxState;
import dev.errand.spi.task.Task;
import dev.errand.tck.TestRuns;
import dev.errand.tck.TestTasks;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Contract tests for implementations of {@link SandboxLauncher}: a sandbox id names one sandbox,
 * however often it is launched; an agent receives everything that the request holds; output, exit
 * and results are reported completely; a stopped sandbox ends whether or not its agent cooperates
 * (docs/wire/runs.md#g6).
 *
 * <p>A test of a launcher extends this class, {@link #open opens} the launcher, and provides for
 * each {@link Agent} a {@link #prompt prompt} that makes an agent behave that way.
 */
public abstract class SandboxLauncherContract {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration NO_GRACE = Duration.ZERO;
    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final long POLL_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int CONCURRENT_CALLERS = 8;

    /** A call that returns at once takes less than this, even on a busy machine. */
    private static final Duration AT_ONCE = Duration.ofSeconds(5);

    private static final String API_TOKEN = "the-api-token-of-the-sandbox";
    private static final String USER_TOKEN = "the-token-of-the-user";

    private final RecordingSandboxListener listener = new RecordingSandboxListener();
    private final Set<SandboxId> launched = ConcurrentHashMap.newKeySet();
    private SandboxLauncher launcher;

    /** Constructor for subclasses. */
    protected SandboxLauncherContract() {}

    /**
     * Opens a launcher. Called a second time within one test to simulate a restart; the second
     * launcher then manages the same sandboxes as the first.
     */
    protected abstract SandboxLauncher open();

    /** Returns a prompt that makes the agent of a sandbox behave as described. */
    protected abstract String prompt(Agent agent);

    /** Returns whether sandboxes outlive the launcher that started them. */
    protected abstract boolean sandboxesOutliveLauncher();

    /** Opens the launcher under test. */
    @BeforeEach
    protected void openLauncher() {
        launcher = open();
    }

    /** Stops all sandboxes of the test and closes the launcher. */
    @AfterEach
    protected void closeLauncher() {
        for (SandboxId sandbox : launched) {
            launcher.stop(sandbox.project(), sandbox, StopReason.CANCELLED, NO_GRACE);
            await("sandbox has stopped", () -> !(state(sandbox) instanceof SandboxState.Running));
            launcher.discard(sandbox.project(), sandbox);
        }
        launcher.close();
    }

    // --- launch

    /** {@code launch}: the sandbox runs, and its handle is not blank. */
    @Test
    void launchStartsTheSandbox() {
        LaunchRequest request = request(Agent.WAITS);

        assertThat(launch(request)).isNotBlank();

        assertThat(state(request.sandbox())).isInstanceOf(SandboxState.Running.class);
    }

    /** {@code launch}: the same sandbox id starts one sandbox (docs/wire/runs.md#g6). */
    @Test
    void launchingTheSameIdTwiceStartsOneSandbox() {
        LaunchRequest request = request(Agent.WAITS);
        String handle = launch(request);
        awaitLine(request.sandbox(), "begun");

        assertThat(launch(request)).isEqualTo(handle);

        launcher.stop(project(request), request.sandbox(), StopReason.CANCELLED, NO_GRACE);
        awaitExit(request.sandbox());
        assertThat(output(request.sandbox())).containsExactly("begun");
    }

    /** {@code launch}: concurrent calls with one sandbox id start one sandbox. */
    @Test
    void concurrentLaunchesOfOneIdStartOneSandbox() {
        LaunchRequest request = request(Agent.WAITS);

        List<String> handles =
                IntStream.range(0, CONCURRENT_CALLERS)
                        .parallel()
                        .mapToObj(caller -> launch(request))
                        .distinct()
                        .toList();

        awaitLine(request.sandbox(), "begun");
        launcher.stop(project(request), request.sandbox(), StopReason.CANCELLED, NO_GRACE);
        awaitExit(request.sandbox());
        assertThat(handles).hasSize(1);
        assertThat(output(request.sandbox())).containsExactly("begun");
    }

    /** {@code launch}: a sandbox that has exited is not started again. */
    @Test
    void launchDoesNotRestartAnExitedSandbox() {
        LaunchRequest request = request(Agent.FAILS);
        launch(request);
        awaitExit(request.sandbox());

        launch(request);

        assertThat(exit(request.sandbox()).exitCode()).isEqualTo(3);
        assertThat(output(request.sandbox())).containsExactly("begun");
    }

    /** {@code launch}: each attempt of a run has its own sandbox. */
    @Test
    void eachAttemptHasItsOwnSandbox() {
        LaunchRequest first = request(Agent.WAITS);
        LaunchRequest second = attempt(2, first);
        launch(first);
        launch(second);
        awaitLine(second.sandbox(), "begun");

        launcher.stop(project(first), first.sandbox(), StopReason.CANCELLED, NO_GRACE);
        awaitExit(first.sandbox());

        assertThat(state(second.sandbox())).isInstanceOf(SandboxState.Running.class);
    }

    /** {@code LaunchRequest.attachments}: the agent finds every file with its content. */
    @Test
    void theAgentReceivesItsAttachments() {
        assertThat(runToExit(Agent.PRINTS_ATTACHMENTS).lastLines())
                .containsSubsequence("buy milk", "then tea");
    }

    /** {@code LaunchRequest.secrets}: the agent can read the secrets of the run. */
    @Test
    void theAgentReceivesTheSecretsOfTheRun() {
        assertThat(runToExit(Agent.PRINTS_USER_TOKEN).lastLines()).contains(USER_TOKEN);
    }

    /** {@code LaunchRequest.apiToken}: the agent can read its own token. */
    @Test
    void theAgentReceivesItsApiToken() {
        assertThat(runToExit(Agent.PRINTS_API_TOKEN).lastLines()).contains(API_TOKEN);
    }

    /** {@code launch}: printed lines are reported in order and per stream, and kept in the exit. */
    @Test
    void printedLinesAreReportedPerStreamInOrder() {
        LaunchRequest request = request(Agent.PRINTS_AND_EXITS);

        launch(request);
        awaitExit(request.sandbox());

        assertThat(output(request.sandbox())).containsExactly("one", "two");
        assertThat(listener.lines(request.sandbox(), Source.STDERR)).containsExactly("oops");
        assertThat(exit(request.sandbox()).lastLines()).contains("two", "oops");
    }

    // --- the listener

    /** {@code SandboxListener}: all output is reported before the exit. */
    @Test
    void noOutputIsReportedAfterTheExit() {
        LaunchRequest request = request(Agent.PRINTS_AND_EXITS);

        launch(request);
        awaitExit(request.sandbox());
        state(request.sandbox());

        assertThat(listener.hasOutputAfterExit()).isFalse();
    }

    /** {@code SandboxListener}: lines whose delivery failed are delivered again, in order. */
    @Test
    void rejectedLinesAreReportedAgainInOrder() {
        listener.rejectNextBatches(2);
        LaunchRequest request = request(Agent.PRINTS_AND_EXITS);

        launch(request);
        awaitExit(request.sandbox());

        assertThat(listener.isStillRejecting()).isFalse();
        assertThat(output(request.sandbox())).containsExactly("one", "two");
        assertThat(listener.lines(request.sandbox(), Source.STDERR)).containsExactly("oops");
    }

    // --- inspect

    /** {@code SandboxState.Gone}: the sandbox was never launched. */
    @Test
    void aSandboxThatWasNeverLaunchedIsGone() {
        assertThat(state(request(Agent.WAITS).sandbox())).isEqualTo(new SandboxState.Gone());
    }

    /** {@code SandboxState.Exited}: the exit is reported until the sandbox is discarded. */
    @Test
    void theExitIsReportedUntilTheSandboxIsDiscarded() {
        LaunchRequest request = request(Agent.FAILS);
        launch(request);
        awaitExit(request.sandbox());

        assertThat(exit(request.sandbox()).exitCode()).isEqualTo(3);
        assertThat(exit(request.sandbox()).stopReason()).isEmpty();
        assertThat(exit(request.sandbox())).isEqualTo(exit(request.sandbox()));

        launcher.discard(project(request), request.sandbox());

        assertThat(state(request.sandbox())).isEqualTo(new SandboxState.Gone());
    }

    /** {@code SandboxExit.output}: the text is complete and unchanged. */
    @Test
    void theExitContainsTheOutputOfTheAgent() {
        SandboxExit exit = runToExit(Agent.WRITES_OUTPUT);

        assertThat(exit.output().map(String::strip)).contains("{\"answer\": 42}");
        assertThat(exit.problem()).isEmpty();
    }

    /**
     * {@code SandboxExit.artifacts}: all files, ordered by name, until the sandbox is discarded.
     */
    @Test
    void theExitContainsTheArtifactsOfTheAgent() {
        SandboxExit exit = runToExit(Agent.WRITES_ARTIFACTS);

        assertThat(exit.artifacts())
                .extracting(OutputArtifact::name, file -> content(file).strip())
                .containsExactly(tuple("a.txt", "first"), tuple("b.txt", "second"));
        assertThat(exit.artifacts())
                .allSatisfy(file -> assertThat(content(file)).hasSize((int) file.sizeInBytes()));
        assertThat(exit.problem()).isEmpty();
    }

    /** {@code SandboxExit.problem}: describes the results that could not be collected. */
    @Test
    void theExitNamesWhatCouldNotBeCollected() {
        SandboxExit exit = runToExit(Agent.WRITES_UNCOLLECTABLE_OUTPUT);

        assertThat(exit.output()).isEmpty();
        assertThat(exit.problem()).isNotEmpty();
    }

    /** {@code SandboxExit}: is empty if the agent left no results. */
    @Test
    void theExitOfAnAgentWithoutResultsIsEmpty() {
        SandboxExit exit = runToExit(Agent.PRINTS_AND_EXITS);

        assertThat(exit.exitCode()).isZero();
        assertThat(exit.output()).isEmpty();
        assertThat(exit.artifacts()).isEmpty();
        assertThat(exit.problem()).isEmpty();
    }

    // --- stop

    /** {@code stop}: returns immediately, even if the agent ignores the request. */
    @Test
    void stopDoesNotWaitForTheSandboxToEnd() {
        LaunchRequest request = request(Agent.IGNORES_STOP);
        launch(request);
        awaitLine(request.sandbox(), "begun");

        assertTimeoutPreemptively(
                AT_ONCE,
                () ->
                        launcher.stop(
                                project(request), request.sandbox(), StopReason.CANCELLED, LONG));

        assertThat(state(request.sandbox())).isInstanceOf(SandboxState.Running.class);
    }

    /** {@code stop}: a cooperative agent ends well within the grace period. */
    @Test
    void stopEndsACooperativeAgentAndIsReportedAsTheReason() {
        LaunchRequest request = request(Agent.WAITS);
        launch(request);
        awaitLine(request.sandbox(), "begun");

        launcher.stop(project(request), request.sandbox(), StopReason.CANCELLED, LONG);
        awaitExit(request.sandbox());

        assertThat(exit(request.sandbox()).stopReason()).contains(StopReason.CANCELLED);
    }

    /** {@code stop}: the sandbox is killed after the grace period. */
    @Test
    void anAgentThatIgnoresStopIsKilledAfterTheGracePeriod() {
        LaunchRequest request = request(Agent.IGNORES_STOP);
        launch(request);
        awaitLine(request.sandbox(), "begun");

        launcher.stop(
                project(request), request.sandbox(), StopReason.CANCELLED, Duration.ofMillis(50));
        awaitExit(request.sandbox());

        assertThat(exit(request.sandbox()).stopReason()).contains(StopReason.CANCELLED);
    }

    /** {@code stop}: has no effect on a sandbox that has exited. */
    @Test
    void stopHasNoEffectAfterTheExit() {
        LaunchRequest request = request(Agent.FAILS);
        launch(request);
        awaitExit(request.sandbox());
        SandboxExit before = exit(request.sandbox());

        launcher.stop(project(request), request.sandbox(), StopReason.CANCELLED, NO_GRACE);

        assertThat(exit(request.sandbox())).isEqualTo(before);
    }

    /** {@code stop}, {@code discard}: have no effect on a sandbox that was never launched. */
    @Test
    void stopAndDiscardAcceptASandboxThatWasNeverLaunched() {
        LaunchRequest request = request(Agent.WAITS);

        assertThatCode(
                        () -> {
                            launcher.stop(
                                    project(request),
                                    request.sandbox(),
                                    StopReason.CANCELLED,
                                    NO_GRACE);
                            launcher.discard(project(request), request.sandbox());
                            launcher.discard(project(request), request.sandbox());
                        })
                .doesNotThrowAnyException();
        assertThat(state(request.sandbox())).isEqualTo(new SandboxState.Gone());
    }

    // --- close

    /** {@code close}: after a restart the launcher finds its sandboxes again. */
    @Test
    void aRestartedLauncherAdoptsRunningSandboxes() {
        assumeThat(sandboxesOutliveLauncher()).isTrue();
        LaunchRequest request = request(Agent.WAITS);
        launch(request);
        awaitLine(request.sandbox(), "begun");

        launcher.close();
        launcher = open();

        assertThat(state(request.sandbox())).isInstanceOf(SandboxState.Running.class);
        launch(request);
        launcher.stop(project(request), request.sandbox(), StopReason.CANCELLED, NO_GRACE);
        awaitExit(request.sandbox());
        assertThat(exit(request.sandbox()).lastLines()).containsOnlyOnce("begun");
    }

    private String launch(LaunchRequest request) {
        launched.add(request.sandbox());
        return launcher.launch(project(request), request, listener);
    }

    private SandboxState state(SandboxId sandbox) {
        return launcher.inspect(sandbox.project(), sandbox, listener);
    }

    private SandboxExit exit(SandboxId sandbox) {
        SandboxState state = state(sandbox);
        assertThat(state).isInstanceOf(SandboxState.Exited.class);
        return ((SandboxState.Exited) state).exit();
    }

    private List<String> output(SandboxId sandbox) {
        return listener.lines(sandbox, Source.STDOUT);
    }

    private void awaitLine(SandboxId sandbox, String line) {
        await("sandbox has printed " + line, () -> output(sandbox).contains(line));
    }

    private void awaitExit(SandboxId sandbox) {
        await("exit has been reported", () -> listener.hasExited(sandbox));
        await("inspect reports the exit", () -> state(sandbox) instanceof SandboxState.Exited);
    }

    private static void await(String condition, BooleanSupplier holds) {
        long end = System.nanoTime() + TIMEOUT_NANOS;
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("timed out waiting until " + condition);
            }
            LockSupport.parkNanos(POLL_INTERVAL_NANOS);
        }
    }

    private static ProjectId project(LaunchRequest request) {
        return request.sandbox().project();
    }

    private LaunchRequest request(Agent agent) {
        Task task = TestTasks.aTask().build().numbered(ProjectId.of(7), 1);
        Run run = TestRuns.aRun(task).queuedAt(TestTasks.CREATED_AT).build().run();
        return new LaunchRequest(
                SandboxId.of(run),
                task,
                run,
                prompt(agent),
                List.of(attachment("notes.txt", "buy milk"), attachment("plan.txt", "then tea")),
                Map.of("github_user_token", Secret.of(USER_TOKEN), "other", Secret.of("unused")),
                Optional.empty(),
                Secret.of(API_TOKEN),
                LONG);
    }

    private static Attachment attachment(String name, String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        return new Attachment(
                ArtifactId.of(UUID.nameUUIDFromBytes(content)),
                name,
                content.length,
                "text/plain",
                () -> new ByteArrayInputStream(content));
    }

    private static String content(OutputArtifact file) {
        try (InputStream content = file.content().open()) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private SandboxExit runToExit(Agent agent) {
        LaunchRequest request = request(agent);
        launch(request);
        awaitExit(request.sandbox());
        return exit(request.sandbox());
    }

    private static LaunchRequest attempt(int number, LaunchRequest of) {
        SandboxId first = of.sandbox();
        return new LaunchRequest(
                new SandboxId(first.project(), first.task(), first.run(), number),
                of.task(),
                of.run(),
                of.prompt(),
                of.attachments(),
                of.secrets(),
                of.apiUrl(),
                of.apiToken(),
                of.timeLimit());
    }
}
