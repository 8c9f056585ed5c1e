package dev.errand.tck.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.dispatch.DispatchState.StopReason;
import dev.errand.spi.dispatch.LaunchRequest;
import dev.errand.spi.dispatch.SandboxExit;
import dev.errand.spi.dispatch.SandboxId;
import dev.errand.spi.dispatch.SandboxLauncher;
import dev.errand.spi.dispatch.SandboxListener.Source;
import dev.errand.spi.dispatch.SandboxState;
import dev.errand.spi.run.Run;
import dev.errand.spi.task.Task;
import dev.errand.tck.TestRuns;
import dev.errand.tck.TestTasks;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a {@link SandboxLauncher} promises (design 5, contract G6): one name is one sandbox, whoever
 * asks and how often; an end is told, and stays known until it is discarded; a stop ends a sandbox
 * whether it obeys or not.
 *
 * <p>A launcher proves itself by a subclass that says how to {@link #open} one and how its {@link
 * #agent agents} are asked for what they do.
 */
public abstract class SandboxLauncherContract {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration NO_GRACE = Duration.ZERO;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int STARTERS = 8;

    private final ToldOfSandboxes told = new ToldOfSandboxes();
    private final Set<SandboxId> launched = ConcurrentHashMap.newKeySet();
    private SandboxLauncher launcher;

    /** Made for the contract tests. */
    protected SandboxLauncherContract() {}

    /** Opens a launcher; called again in one test, over the same sandboxes, for a restarted one. */
    protected abstract SandboxLauncher open();

    /** The prompt that makes a sandbox's agent do this. */
    protected abstract String agent(Agent does);

    /** Whether sandboxes outlive the launcher that started them. */
    protected abstract boolean outliveTheirLauncher();

    /** Opens the launcher under test. */
    @BeforeEach
    protected void openLauncher() {
        launcher = open();
    }

    /** Ends what still lives, and closes it. */
    @AfterEach
    protected void closeLauncher() {
        for (SandboxId sandbox : launched) {
            launcher.stop(sandbox.project(), sandbox, StopReason.CANCELLED, NO_GRACE);
            await("it is over", () -> !(state(sandbox) instanceof SandboxState.Running));
            launcher.discard(sandbox.project(), sandbox);
        }
        launcher.close();
    }

    // --- launch

    /** {@code launch}: a sandbox of this name is alive, and has a name for people. */
    @Test
    void aLaunchedSandboxIsAlive() {
        LaunchRequest request = request(Agent.WAITS);

        assertThat(launch(request)).isNotBlank();

        assertThat(state(request.sandbox())).isInstanceOf(SandboxState.Running.class);
    }

    /** {@code launch}: the same name twice starts one sandbox (contract G6, at most once). */
    @Test
    void theSameNameTwiceStartsOneSandbox() {
        LaunchRequest request = request(Agent.WAITS);
        String handle = launch(request);
        awaitLine(request.sandbox(), "begun");

        assertThat(launch(request)).isEqualTo(handle);

        launcher.stop(project(request), request.sandbox(), StopReason.CANCELLED, NO_GRACE);
        awaitEnd(request.sandbox());
        assertThat(output(request.sandbox())).containsExactly("begun");
    }

    /** {@code launch}: also where it was asked for at the same time. */
    @Test
    void manyWhoAskForOneNameAtOnceStartOneSandbox() {
        LaunchRequest request = request(Agent.WAITS);

        List<String> handles =
                IntStream.range(0, STARTERS)
                        .parallel()
                        .mapToObj(starter -> launch(request))
                        .distinct()
                        .toList();

        awaitLine(request.sandbox(), "begun");
        launcher.stop(project(request), request.sandbox(), StopReason.CANCELLED, NO_GRACE);
        awaitEnd(request.sandbox());
        assertThat(handles).hasSize(1);
        assertThat(output(request.sandbox())).containsExactly("begun");
    }

    /** {@code launch}: a sandbox that has ended is not started again under its name. */
    @Test
    void whatHasEndedIsNotStartedAgain() {
        LaunchRequest request = request(Agent.FAILS);
        launch(request);
        awaitEnd(request.sandbox());

        launch(request);

        assertThat(exit(request.sandbox()).exitCode()).isEqualTo(3);
        assertThat(output(request.sandbox())).containsExactly("begun");
    }

    /** {@code launch}: another attempt of a run is another sandbox. */
    @Test
    void anotherAttemptIsAnotherSandbox() {
        LaunchRequest first = request(Agent.WAITS);
        LaunchRequest second = attempt(2, first);
        launch(first);
        launch(second);
        awaitLine(second.sandbox(), "begun");

        launcher.stop(project(first), first.sandbox(), StopReason.CANCELLED, NO_GRACE);
        awaitEnd(first.sandbox());

        assertThat(state(second.sandbox())).isInstanceOf(SandboxState.Running.class);
    }

    /** {@code launch}: what a sandbox prints is told, in order and by output. */
    @Test
    void whatIsPrintedIsTold() {
        LaunchRequest request = request(Agent.PRINTS_AND_ENDS);

        launch(request);
        awaitEnd(request.sandbox());

        assertThat(output(request.sandbox())).containsExactly("one", "two");
        assertThat(told.printed(request.sandbox(), Source.STDERR)).containsExactly("oops");
        assertThat(exit(request.sandbox()).lastLines()).contains("two", "oops");
    }

    // --- the listener

    /** {@code SandboxListener.ended}: everything it printed was told before. */
    @Test
    void nothingIsToldAfterTheEnd() {
        LaunchRequest request = request(Agent.PRINTS_AND_ENDS);

        launch(request);
        awaitEnd(request.sandbox());
        state(request.sandbox());

        assertThat(told.wasPrintedAfterEnd()).isFalse();
    }

    /**
     * {@code SandboxListener.printed}: lines that are refused are told again, and no later ones
     * before.
     */
    @Test
    void whatIsRefusedIsToldAgain() {
        told.refuse(2);
        LaunchRequest request = request(Agent.PRINTS_AND_ENDS);

        launch(request);
        awaitEnd(request.sandbox());

        assertThat(told.isStillToRefuse()).isFalse();
        assertThat(output(request.sandbox())).containsExactly("one", "two");
        assertThat(told.printed(request.sandbox(), Source.STDERR)).containsExactly("oops");
    }

    // --- inspect

    /** {@code SandboxState.Gone}: never launched. */
    @Test
    void whatNeverWasIsGone() {
        assertThat(state(request(Agent.WAITS).sandbox())).isEqualTo(new SandboxState.Gone());
    }

    /** {@code SandboxState.Exited}: how it ended, of its own accord, until it is discarded. */
    @Test
    void anEndIsKnownUntilItIsDiscarded() {
        LaunchRequest request = request(Agent.FAILS);
        launch(request);
        awaitEnd(request.sandbox());

        assertThat(exit(request.sandbox()).exitCode()).isEqualTo(3);
        assertThat(exit(request.sandbox()).stoppedFor()).isEmpty();
        assertThat(exit(request.sandbox())).isEqualTo(exit(request.sandbox()));

        launcher.discard(project(request), request.sandbox());

        assertThat(state(request.sandbox())).isEqualTo(new SandboxState.Gone());
    }

    // --- stop

    /**
     * {@code stop}: ends a sandbox that obeys, long before its time is over, and says why it ended.
     */
    @Test
    void aStopEndsASandboxAndIsItsCause() {
        LaunchRequest request = request(Agent.WAITS);
        launch(request);
        awaitLine(request.sandbox(), "begun");

        launcher.stop(project(request), request.sandbox(), StopReason.CANCELLED, LONG);
        awaitEnd(request.sandbox());

        assertThat(exit(request.sandbox()).stoppedFor()).contains(StopReason.CANCELLED);
    }

    /** {@code stop}: by force after the grace. */
    @Test
    void whatIgnoresAStopIsEndedByForce() {
        LaunchRequest request = request(Agent.IGNORES_STOP);
        launch(request);
        awaitLine(request.sandbox(), "begun");

        launcher.stop(
                project(request), request.sandbox(), StopReason.CANCELLED, Duration.ofMillis(50));
        awaitEnd(request.sandbox());

        assertThat(exit(request.sandbox()).stoppedFor()).contains(StopReason.CANCELLED);
    }

    /** {@code stop}: harmless for a sandbox that ended; its end stays what it was. */
    @Test
    void aStopAfterTheEndChangesNothing() {
        LaunchRequest request = request(Agent.FAILS);
        launch(request);
        awaitEnd(request.sandbox());
        SandboxExit before = exit(request.sandbox());

        launcher.stop(project(request), request.sandbox(), StopReason.CANCELLED, NO_GRACE);

        assertThat(exit(request.sandbox())).isEqualTo(before);
    }

    /** {@code stop}, {@code discard}: harmless for a sandbox that never was. */
    @Test
    void whatNeverWasCanBeStoppedAndDiscarded() {
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

    /**
     * {@code close}: a sandbox that outlives its launcher is the next one's, which starts no
     * second.
     */
    @Test
    void theNextLauncherFindsWhatOutlivedTheLast() {
        assumeThat(outliveTheirLauncher()).isTrue();
        LaunchRequest request = request(Agent.WAITS);
        launch(request);
        awaitLine(request.sandbox(), "begun");

        launcher.close();
        launcher = open();

        assertThat(state(request.sandbox())).isInstanceOf(SandboxState.Running.class);
        launch(request);
        launcher.stop(project(request), request.sandbox(), StopReason.CANCELLED, NO_GRACE);
        awaitEnd(request.sandbox());
        assertThat(exit(request.sandbox()).lastLines()).containsOnlyOnce("begun");
    }

    private String launch(LaunchRequest request) {
        launched.add(request.sandbox());
        return launcher.launch(project(request), request, told);
    }

    private SandboxState state(SandboxId sandbox) {
        return launcher.inspect(sandbox.project(), sandbox, told);
    }

    private SandboxExit exit(SandboxId sandbox) {
        SandboxState state = state(sandbox);
        assertThat(state).isInstanceOf(SandboxState.Exited.class);
        return ((SandboxState.Exited) state).exit();
    }

    private List<String> output(SandboxId sandbox) {
        return told.printed(sandbox, Source.STDOUT);
    }

    private void awaitLine(SandboxId sandbox, String line) {
        await("it printed " + line, () -> output(sandbox).contains(line));
    }

    private void awaitEnd(SandboxId sandbox) {
        await("its end was told", () -> told.hasEnded(sandbox));
        await("it was seen to have ended", () -> state(sandbox) instanceof SandboxState.Exited);
    }

    private static void await(String what, BooleanSupplier holds) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited in vain until " + what);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static ProjectId project(LaunchRequest request) {
        return request.sandbox().project();
    }

    private LaunchRequest request(Agent does) {
        Task task = TestTasks.aTask().build().numbered(ProjectId.of(7), 1);
        Run run = TestRuns.aRun(task).queuedAt(TestTasks.CREATED_AT).build().run();
        return new LaunchRequest(
                SandboxId.of(run),
                task,
                run,
                agent(does),
                List.of(),
                Map.of(),
                Optional.empty(),
                Secret.of("the token of the sandbox"),
                LONG);
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
