package dev.errand.mutants;

import static dev.errand.mutants.Wound.W1;
import static dev.errand.mutants.Wound.W2;
import static dev.errand.mutants.Wound.W3;
import static dev.errand.mutants.Wound.W4;
import static dev.errand.mutants.Wound.W5;

import dev.errand.mutants.Mutant.Defect;
import dev.errand.spi.BackendException;
import dev.errand.spi.Secret;
import dev.errand.spi.dispatch.Attachment;
import dev.errand.spi.dispatch.DispatchState;
import dev.errand.spi.dispatch.LaunchRequest;
import dev.errand.spi.dispatch.SandboxExit;
import dev.errand.spi.dispatch.SandboxId;
import dev.errand.spi.dispatch.SandboxLauncher;
import dev.errand.spi.dispatch.SandboxListener;
import dev.errand.spi.dispatch.SandboxListener.Source;
import dev.errand.spi.dispatch.SandboxState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Launchers between a dispatcher and its sandboxes, so that what the dispatcher means does not
 * happen: to the sandboxes it is the dispatcher that is broken.
 */
final class LauncherMutants {

    /** Longer than a contract test waits for a call that returns at once. */
    private static final long BLOCKED_NANOS = TimeUnit.SECONDS.toNanos(6);

    private static final SandboxListener DEAF =
            new SandboxListener() {
                @Override
                public void onOutput(SandboxId sandbox, Source source, List<String> lines) {
                    // Nobody is told.
                }

                @Override
                public void onExit(SandboxId sandbox) {
                    // Nobody is told.
                }
            };

    /** How a listener is told what a sandbox printed. */
    @FunctionalInterface
    private interface Telling {
        void tell(SandboxListener real, SandboxId sandbox, Source source, List<String> lines);
    }

    private LauncherMutants() {}

    // spotless:off
    /** Found by {@code SandboxLauncherContract}, whether or not a dispatcher would notice. */
    static final List<Mutant> BY_CONTRACT = List.of(
            mutant(W3, "launch", "withholds the attachments", request(it -> with(it, List.of(), it.secrets(), it.apiToken()))),
            mutant(W3, "launch", "withholds the secrets", request(it -> with(it, it.attachments(), Map.of(), it.apiToken()))),
            mutant(W3, "launch", "hands over another API token", request(it -> with(it, it.attachments(), it.secrets(), Secret.of("another token")))),
            mutant(W1, "inspect", "drops the output", exit(it -> new SandboxExit(it.exitCode(), it.stoppedFor(), Optional.empty(), it.problem(), it.artifacts(), it.lastLines()))),
            mutant(W1, "inspect", "drops the artifacts", exit(it -> new SandboxExit(it.exitCode(), it.stoppedFor(), it.output(), it.problem(), List.of(), it.lastLines()))),
            mutant(W1, "inspect", "drops the problem", exit(it -> new SandboxExit(it.exitCode(), it.stoppedFor(), it.output(), Optional.empty(), it.artifacts(), it.lastLines()))),
            mutant(W1, "inspect", "drops the last lines", exit(it -> new SandboxExit(it.exitCode(), it.stoppedFor(), it.output(), it.problem(), it.artifacts(), List.of()))),
            mutant(W3, "stop", "blocks until the sandbox has stopped", LauncherMutants::blocks));

    private static final List<Mutant> BY_DISPATCH = List.of(
            mutant(W2, "launch", "only says so", call -> "launched"),
            mutant(W2, "launch", "says so also where it failed", LauncherMutants::swallowsTheFailure),
            mutant(W5, "launch", "starts another sandbox each time", LauncherMutants::anotherEachTime),
            mutant(W5, "launch", "names no attempt", LauncherMutants::alwaysTheFirstAttempt),
            mutant(W3, "launch", "tells nobody what is printed", call -> call.proceedWith(2, DEAF)),
            mutant(W3, "launch", "tells nobody what is said in anger", call -> call.proceedWith(2, telling(call.given(2), LauncherMutants::onlyOutput))),
            mutant(W1, "launch", "does not tell again what was refused", call -> call.proceedWith(2, telling(call.given(2), LauncherMutants::once))),
            mutant(W5, "launch", "begins again what has ended", LauncherMutants::beginsAgain),
            mutant(W4, "inspect", "takes every sandbox for gone", call -> new SandboxState.Gone()),
            mutant(W4, "inspect", "takes an exit for a disappearance", LauncherMutants::exitedIsGone),
            mutant(W3, "inspect", "takes every sandbox for alive", call -> new SandboxState.Running()),
            mutant(W3, "stop", "does not arrive", call -> null),
            mutant(W3, "stop", "ignores the same stop a second time", LauncherMutants::ignoresRepeats),
            mutant(W4, "stop", "always says that it was cancelled", call -> call.proceedWith(2, DispatchState.StopReason.CANCELLED)),
            mutant(W3, "discard", "leaves everything behind", call -> null),
            mutant(W3, "discard", "always fails", LauncherMutants::fails));
    // spotless:on

    static final List<Mutant> ALL =
            Stream.concat(BY_DISPATCH.stream(), BY_CONTRACT.stream()).toList();

    private static Mutant mutant(Wound wound, String method, String name, Defect defect) {
        return new Mutant(wound, SandboxLauncher.class, method, name, defect);
    }

    /** Launches with another request. */
    private static Defect request(UnaryOperator<LaunchRequest> other) {
        return call -> call.proceedWith(1, other.apply(call.given(1)));
    }

    private static LaunchRequest with(
            LaunchRequest request,
            List<Attachment> attachments,
            Map<String, Secret> secrets,
            Secret apiToken) {
        return new LaunchRequest(
                request.sandbox(),
                request.task(),
                request.run(),
                request.prompt(),
                attachments,
                secrets,
                request.apiUrl(),
                apiToken,
                request.timeLimit());
    }

    /** Reports another exit. */
    private static Defect exit(UnaryOperator<SandboxExit> other) {
        return call -> {
            Object state = call.proceed();
            return state instanceof SandboxState.Exited exited
                    ? new SandboxState.Exited(other.apply(exited.exit()))
                    : state;
        };
    }

    /** Bounded, since some tests use sandboxes that never stop. */
    private static Object blocks(Call call) {
        SandboxLauncher whole = call.whole();
        long end = System.nanoTime() + BLOCKED_NANOS;
        call.proceed();
        while (whole.inspect(call.given(0), call.given(1), DEAF) instanceof SandboxState.Running
                && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        return null;
    }

    private static Object swallowsTheFailure(Call call) {
        try {
            return call.proceed();
        } catch (RuntimeException swallowed) {
            return "launched";
        }
    }

    private static Object anotherEachTime(Call call) {
        LaunchRequest request = call.given(1);
        SandboxId sandbox = request.sandbox();
        int further =
                (int) call.memory().merge("launches", 1, (one, more) -> (int) one + (int) more);
        return call.proceedWith(
                1,
                named(
                        request,
                        new SandboxId(
                                sandbox.project(),
                                sandbox.task(),
                                sandbox.run(),
                                sandbox.attempt() + further)));
    }

    private static Object alwaysTheFirstAttempt(Call call) {
        LaunchRequest request = call.given(1);
        SandboxId sandbox = request.sandbox();
        return call.proceedWith(
                1,
                named(request, new SandboxId(sandbox.project(), sandbox.task(), sandbox.run(), 1)));
    }

    private static LaunchRequest named(LaunchRequest request, SandboxId name) {
        return new LaunchRequest(
                name,
                request.task(),
                request.run(),
                request.prompt(),
                request.attachments(),
                request.secrets(),
                request.apiUrl(),
                request.apiToken(),
                request.timeLimit());
    }

    /** The listener, told of lines in another way. */
    private static SandboxListener telling(SandboxListener real, Telling telling) {
        return new SandboxListener() {
            @Override
            public void onOutput(SandboxId sandbox, Source source, List<String> lines) {
                telling.tell(real, sandbox, source, lines);
            }

            @Override
            public void onExit(SandboxId sandbox) {
                real.onExit(sandbox);
            }
        };
    }

    private static void onlyOutput(
            SandboxListener real, SandboxId sandbox, Source source, List<String> lines) {
        if (source == Source.STDOUT) {
            real.onOutput(sandbox, source, lines);
        }
    }

    private static void once(
            SandboxListener real, SandboxId sandbox, Source source, List<String> lines) {
        try {
            real.onOutput(sandbox, source, lines);
        } catch (RuntimeException refused) {
            // They are lost.
        }
    }

    private static Object beginsAgain(Call call) {
        SandboxLauncher whole = call.whole();
        SandboxId sandbox = call.<LaunchRequest>given(1).sandbox();
        if (whole.inspect(call.given(0), sandbox, call.given(2)) instanceof SandboxState.Exited) {
            whole.discard(call.given(0), sandbox);
        }
        return call.proceed();
    }

    private static Object exitedIsGone(Call call) {
        Object state = call.proceed();
        return state instanceof SandboxState.Exited ? new SandboxState.Gone() : state;
    }

    private static Object fails(Call call) {
        throw BackendException.retryable("SandboxLauncher", "cannot be reached", null);
    }

    private static Object ignoresRepeats(Call call) {
        List<Object> stop = List.of(call.given(1), call.given(2), call.given(3));
        return call.memory().put(stop, true) == null ? call.proceed() : null;
    }
}
