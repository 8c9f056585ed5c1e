package dev.errand.mutants;

import static dev.errand.mutants.Wound.W1;
import static dev.errand.mutants.Wound.W2;
import static dev.errand.mutants.Wound.W3;
import static dev.errand.mutants.Wound.W4;
import static dev.errand.mutants.Wound.W5;

import dev.errand.mutants.Mutant.Defect;
import dev.errand.spi.BackendException;
import dev.errand.spi.dispatch.DispatchState;
import dev.errand.spi.dispatch.LaunchRequest;
import dev.errand.spi.dispatch.SandboxId;
import dev.errand.spi.dispatch.SandboxLauncher;
import dev.errand.spi.dispatch.SandboxListener;
import dev.errand.spi.dispatch.SandboxListener.Source;
import dev.errand.spi.dispatch.SandboxState;
import java.util.List;

/**
 * Launchers between a dispatcher and its sandboxes, so that what the dispatcher means does not
 * happen: to the sandboxes it is the dispatcher that is broken.
 */
final class LauncherMutants {

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
    static final List<Mutant> ALL = List.of(
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
            mutant(W3, "stop", "arrives once", LauncherMutants::arrivesOnce),
            mutant(W4, "stop", "always says that it was cancelled", call -> call.proceedWith(2, DispatchState.StopReason.CANCELLED)),
            mutant(W3, "discard", "leaves everything behind", call -> null),
            mutant(W3, "discard", "always fails", LauncherMutants::fails));
    // spotless:on

    private static Mutant mutant(Wound wound, String method, String name, Defect defect) {
        return new Mutant(wound, SandboxLauncher.class, method, name, defect);
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

    private static Object arrivesOnce(Call call) {
        return call.memory().put(call.given(1), true) == null ? call.proceed() : null;
    }
}
