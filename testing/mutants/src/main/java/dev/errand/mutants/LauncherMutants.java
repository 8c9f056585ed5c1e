package dev.errand.mutants;

import static dev.errand.mutants.FailureMode.W1;
import static dev.errand.mutants.FailureMode.W2;
import static dev.errand.mutants.FailureMode.W3;
import static dev.errand.mutants.FailureMode.W4;
import static dev.errand.mutants.FailureMode.W5;

import dev.errand.mutants.Mutant.Defect;
import dev.errand.spi.JsonText;
import dev.errand.spi.PortException;
import dev.errand.spi.Secret;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.sandbox.Attachment;
import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.SandboxExit;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.sandbox.SandboxLauncher;
import dev.errand.spi.sandbox.SandboxListener;
import dev.errand.spi.sandbox.SandboxListener.Source;
import dev.errand.spi.sandbox.SandboxState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Broken launchers. */
final class LauncherMutants {

    /** Longer than a contract test waits for a call that returns at once. */
    private static final long BLOCKED_NANOS = TimeUnit.SECONDS.toNanos(6);

    private static final SandboxListener SILENT_LISTENER =
            new SandboxListener() {
                @Override
                public void onOutput(SandboxId sandbox, Source source, List<String> lines) {
                    // Not reported.
                }

                @Override
                public void onLogEntries(SandboxId sandbox, List<JsonText> entries) {
                    // Not reported.
                }

                @Override
                public void onExit(SandboxId sandbox) {
                    // Not reported.
                }
            };

    /** Alters how output is reported to a listener. */
    @FunctionalInterface
    private interface OutputReport {
        void report(SandboxListener real, SandboxId sandbox, Source source, List<String> lines);
    }

    private LauncherMutants() {}

    // spotless:off
    /** Mutants that {@code SandboxLauncherContract} kills, even if the dispatch contracts do not. */
    static final List<Mutant> BY_CONTRACT = List.of(
            mutant(W3, "launch", "withholds the attachments", request(it -> with(it, List.of(), it.secrets(), it.apiToken()))),
            mutant(W3, "launch", "withholds the secrets", request(it -> with(it, it.attachments(), Map.of(), it.apiToken()))),
            mutant(W3, "launch", "hands over another API token", request(it -> with(it, it.attachments(), it.secrets(), Secret.of("another token")))),
            mutant(W1, "inspect", "drops the output", exit(it -> new SandboxExit(it.exitCode(), it.stopReason(), Optional.empty(), it.problem(), it.artifacts(), it.lastLines()))),
            mutant(W1, "inspect", "drops the artifacts", exit(it -> new SandboxExit(it.exitCode(), it.stopReason(), it.output(), it.problem(), List.of(), it.lastLines()))),
            mutant(W1, "inspect", "drops the problem", exit(it -> new SandboxExit(it.exitCode(), it.stopReason(), it.output(), Optional.empty(), it.artifacts(), it.lastLines()))),
            mutant(W1, "inspect", "drops the last lines", exit(it -> new SandboxExit(it.exitCode(), it.stopReason(), it.output(), it.problem(), it.artifacts(), List.of()))),
            mutant(W3, "stop", "blocks until the sandbox has stopped", LauncherMutants::blocks));

    private static final List<Mutant> BY_DISPATCH = List.of(
            mutant(W2, "launch", "does not start the sandbox", call -> "launched"),
            mutant(W2, "launch", "hides a failed launch", LauncherMutants::swallowsTheFailure),
            mutant(W5, "launch", "starts a new sandbox at each call", LauncherMutants::anotherSandbox),
            mutant(W5, "launch", "ignores the attempt", LauncherMutants::alwaysTheFirstAttempt),
            mutant(W3, "launch", "does not report output", call -> call.proceedWith(2, SILENT_LISTENER)),
            mutant(W3, "launch", "does not report standard error", call -> call.proceedWith(2, reporting(call.argument(2), LauncherMutants::onlyOutput))),
            mutant(W1, "launch", "does not report rejected lines again", call -> call.proceedWith(2, reporting(call.argument(2), LauncherMutants::once))),
            mutant(W5, "launch", "restarts an exited sandbox", LauncherMutants::restartsExited),
            mutant(W1, "inspect", "drops the notes", exit(it -> new SandboxExit(it.exitCode(), it.stopReason(), it.output(), it.problem(), it.artifacts(), it.lastLines()))),
            mutant(W4, "inspect", "reports every sandbox as gone", call -> new SandboxState.Gone()),
            mutant(W4, "inspect", "reports an exit as gone", LauncherMutants::exitedIsGone),
            mutant(W3, "inspect", "reports every sandbox as running", call -> new SandboxState.Running()),
            mutant(W3, "stop", "has no effect", call -> null),
            mutant(W3, "stop", "ignores the same stop a second time", LauncherMutants::ignoresRepeats),
            mutant(W4, "stop", "always reports the reason cancelled", call -> call.proceedWith(2, StopReason.CANCELLED)),
            mutant(W3, "discard", "removes nothing", call -> null),
            mutant(W3, "discard", "always fails", LauncherMutants::fails));
    // spotless:on

    static final List<Mutant> ALL =
            Stream.concat(BY_DISPATCH.stream(), BY_CONTRACT.stream()).toList();

    private static Mutant mutant(
            FailureMode failureMode, String method, String name, Defect defect) {
        return new Mutant(failureMode, SandboxLauncher.class, method, name, defect);
    }

    /** Launches with another request. */
    private static Defect request(UnaryOperator<LaunchRequest> other) {
        return call -> call.proceedWith(1, other.apply(call.argument(1)));
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

    /** Waits for a bounded time, since some tests use sandboxes that never stop. */
    private static Object blocks(Call call) {
        SandboxLauncher original = call.original();
        long end = System.nanoTime() + BLOCKED_NANOS;
        call.proceed();
        while (original.inspect(call.argument(0), call.argument(1), SILENT_LISTENER)
                        instanceof SandboxState.Running
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

    private static Object anotherSandbox(Call call) {
        LaunchRequest request = call.argument(1);
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
        LaunchRequest request = call.argument(1);
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

    /** Returns a listener with altered reporting of output. */
    private static SandboxListener reporting(SandboxListener real, OutputReport report) {
        return new SandboxListener() {
            @Override
            public void onOutput(SandboxId sandbox, Source source, List<String> lines) {
                report.report(real, sandbox, source, lines);
            }

            @Override
            public void onLogEntries(SandboxId sandbox, List<JsonText> entries) {
                real.onLogEntries(sandbox, entries);
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
        } catch (RuntimeException rejected) {
            // The lines are lost.
        }
    }

    private static Object restartsExited(Call call) {
        SandboxLauncher original = call.original();
        SandboxId sandbox = call.<LaunchRequest>argument(1).sandbox();
        if (original.inspect(call.argument(0), sandbox, call.argument(2))
                instanceof SandboxState.Exited) {
            original.discard(call.argument(0), sandbox);
        }
        return call.proceed();
    }

    private static Object exitedIsGone(Call call) {
        Object state = call.proceed();
        return state instanceof SandboxState.Exited ? new SandboxState.Gone() : state;
    }

    private static Object fails(Call call) {
        throw PortException.retryable("SandboxLauncher", "cannot be reached");
    }

    private static Object ignoresRepeats(Call call) {
        List<Object> stop = List.of(call.argument(1), call.argument(2), call.argument(3));
        return call.memory().put(stop, true) == null ? call.proceed() : null;
    }
}
