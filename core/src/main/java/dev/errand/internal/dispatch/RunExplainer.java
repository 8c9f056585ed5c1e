package dev.errand.internal.dispatch;

import dev.errand.dispatch.DispatchOptions;
import dev.errand.dispatch.DispatchTimeouts;
import dev.errand.dispatch.GracePeriods;
import dev.errand.dispatch.PermissionPolicy;
import dev.errand.internal.engine.Engine;
import dev.errand.run.RunDescription;
import dev.errand.run.RunDescription.StateReason;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.PermissionRequest;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.store.StoredRun;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Explains the state of runs, with the facts and limits by which a dispatcher decides. */
public final class RunExplainer {

    private RunExplainer() {}

    /**
     * Explains the state of a run.
     *
     * @param options the options of the dispatchers that execute it
     */
    public static RunDescription describe(
            Engine engine, DispatchOptions options, StoredRun stored) {
        Run run = stored.run();
        RunDescription description = describeState(engine, options, stored);
        return engine.logs()
                .describe(run.project(), run.id())
                .map(description::withMore)
                .orElse(description);
    }

    private static RunDescription describeState(
            Engine engine, DispatchOptions options, StoredRun stored) {
        Run run = stored.run();
        return stored.entry()
                .map(
                        entry ->
                                describeActive(engine, options, run, entry)
                                        .withLease(
                                                engine.backend()
                                                        .queue()
                                                        .findLease(run.project(), run.id())))
                .orElseGet(() -> describeInactive(run));
    }

    private static RunDescription describeActive(
            Engine engine, DispatchOptions options, Run run, QueueEntry entry) {
        if (entry.stopReason().isPresent() || run.status().isTerminal()) {
            return describeStopping(run, entry, options.gracePeriods(), engine.now());
        }
        DispatchTimeouts timeouts = options.timeouts().overriddenBy(entry.timeouts());
        if (entry.phase() == QueueEntry.Phase.LAUNCHED) {
            return describeRunning(engine, timeouts, options.permissionPolicy(), run, entry);
        }
        if (run.status() != RunStatus.QUEUED) {
            return describe(
                    run,
                    entry,
                    StateReason.REPORTED_EARLY,
                    "An agent updated the run before a launch was recorded.",
                    "A dispatcher looks for its sandbox; if there is none, it leaves the run to"
                            + " that agent.",
                    Optional.of(entry.dueAt()));
        }
        if (entry.isWaitingForProvider()) {
            return describe(
                    run,
                    entry,
                    StateReason.WAITING_FOR_PROVIDER,
                    "The agent reached a limit of its provider: %s."
                            .formatted(entry.lastFailure().orElseThrow()),
                    "Attempt %d will be launched.".formatted(run.attempt()),
                    Optional.of(entry.dueAt()));
        }
        return entry.failures() == 0
                ? describeQueued(run, entry, timeouts)
                : describeBackoff(run, entry, options, engine.now());
    }

    private static RunDescription describeInactive(Run run) {
        if (run.status().isTerminal()) {
            String reason = run.endReason().map(RunExplainer::text).orElse("the reason is unknown");
            String message = run.errorMessage().map(text -> " " + text).orElse("");
            return describe(
                    run,
                    StateReason.ENDED,
                    "Status %s: %s.%s".formatted(run.status().wire(), reason, message),
                    "Nothing more happens.",
                    Optional.empty());
        }
        return run.status() == RunStatus.NOT_STARTED
                ? describe(
                        run,
                        StateReason.NOT_STARTED,
                        "The run was created and not started.",
                        "It waits until it is started or an agent updates it.",
                        Optional.empty())
                : describe(
                        run,
                        StateReason.EXTERNAL,
                        "The run is executed by an external agent.",
                        "Its agent will report the end.",
                        Optional.empty());
    }

    private static RunDescription describeQueued(
            Run run, QueueEntry entry, DispatchTimeouts timeouts) {
        Instant since = entry.queuedAt();
        return describe(
                run,
                entry,
                StateReason.QUEUED,
                "The run has been queued since %s; no launch was attempted.".formatted(since),
                "The next dispatcher with a free slot launches it; if none has one by then, it fails.",
                Optional.of(since.plus(timeouts.queued())));
    }

    private static RunDescription describeBackoff(
            Run run, QueueEntry entry, DispatchOptions options, Instant now) {
        boolean isExhausted = options.launchRetry().isExhausted(entry, now);
        return describe(
                run,
                entry,
                StateReason.BACKING_OFF,
                "Failed launches: %d; cause of the last one: %s."
                        .formatted(entry.failures(), entry.lastFailure().orElse("unknown")),
                isExhausted
                        ? "The run will fail."
                        : "Attempt %d will be launched.".formatted(run.attempt()),
                Optional.of(entry.dueAt()));
    }

    private static RunDescription describeRunning(
            Engine engine,
            DispatchTimeouts timeouts,
            PermissionPolicy policy,
            Run run,
            QueueEntry entry) {
        Instant since = entry.launchedAt().orElseThrow();
        Instant timeLimit = since.plus(timeouts.total());
        Instant lastActivity = ActivityTracker.lastStored(engine, run);
        List<PermissionRequest> permissions = new PendingPermissions().read(engine, run);
        if (!permissions.isEmpty()) {
            return describeWaiting(policy, run, entry, lastActivity, timeLimit)
                    .withPermissions(permissions);
        }
        Instant inactivityLimit = lastActivity.plus(timeouts.inactivity());
        boolean isInactivityFirst = inactivityLimit.isBefore(timeLimit);
        return describe(
                run,
                entry,
                StateReason.RUNNING,
                "Sandbox %s has been running since %s; its last activity was at %s."
                        .formatted(entry.handle().orElse("with no handle"), since, lastActivity),
                isInactivityFirst
                        ? "Without further activity, the sandbox will be stopped as inactive."
                        : "If it has not ended by then, the sandbox will be stopped at its time limit.",
                Optional.of(isInactivityFirst ? inactivityLimit : timeLimit));
    }

    private static RunDescription describeWaiting(
            PermissionPolicy policy,
            Run run,
            QueueEntry entry,
            Instant lastActivity,
            Instant timeLimit) {
        Optional<Instant> policyLimit =
                policy.limit().map(lastActivity::plus).filter(limit -> limit.isBefore(timeLimit));
        String consequence =
                policy instanceof PermissionPolicy.CancelAfter
                        ? "without one, the run will be cancelled."
                        : "without one, the request will be denied.";
        return describe(
                run,
                entry,
                StateReason.WAITING_FOR_PERSON,
                "The agent waits for a person to answer a permission request.",
                "The agent continues after the answer; "
                        + (policyLimit.isPresent()
                                ? consequence
                                : "the sandbox will be stopped at its time limit."),
                Optional.of(policyLimit.orElse(timeLimit)));
    }

    private static RunDescription describeStopping(
            Run run, QueueEntry entry, GracePeriods gracePeriods, Instant now) {
        StoredRun stored = new StoredRun(run, Optional.of(entry));
        if (DispatchFacts.Stop.of(stored, gracePeriods, now) == DispatchFacts.Stop.SOON) {
            return describe(
                    run,
                    entry,
                    StateReason.FINISHING,
                    "Status %s; the sandbox may still send its last output."
                            .formatted(run.status().wire()),
                    "The sandbox will be stopped.",
                    run.completedAt().map(end -> end.plus(gracePeriods.finish())));
        }
        StopReason reason = entry.stopReason().orElse(StopReason.ENDED);
        Instant since = entry.stopRequestedAt().or(run::completedAt).orElse(run.updatedAt());
        boolean endsRun =
                !run.status().isTerminal()
                        && reason != StopReason.RESTART
                        && reason != StopReason.HANDOFF
                        && reason != StopReason.ENDED;
        return describe(
                run,
                entry,
                StateReason.STOPPING,
                "The stop of the sandbox was requested at %s: %s.".formatted(since, text(reason)),
                endsRun
                        ? "The run ends when the sandbox has stopped."
                        : "The stop is repeated until the sandbox has stopped.",
                endsRun ? Optional.of(since.plus(gracePeriods.confirm())) : Optional.empty());
    }

    private static String text(StopReason reason) {
        return switch (reason) {
            case CANCELLED -> "the run was cancelled";
            case TASK_DELETED -> "the task was deleted";
            case ENDED -> "the run has ended";
            case HANDOFF -> "the run was handed off to a local machine";
            case RESTART -> "the run is restarted in the cloud";
            case TIME_LIMIT -> "the time limit was exceeded";
            case INACTIVITY -> "the sandbox was inactive for too long";
        };
    }

    private static String text(EndReason reason) {
        return switch (reason) {
            case REPORTED -> "this status was reported";
            case OUTPUT_ACCEPTED -> "the output satisfied the schema of the task";
            case SANDBOX_EXITED -> "the sandbox exited";
            case SANDBOX_LOST -> "the sandbox was lost";
            case QUEUE_EXPIRED -> "no dispatcher had a free slot in time";
            case LAUNCH_FAILED -> "no sandbox could be launched";
            case LAUNCH_TIMEOUT -> "the launch took too long";
            case CREDENTIAL_EXPIRED -> "a credential expired before the launch";
            case TIME_LIMIT -> "the time limit was exceeded";
            case INACTIVITY -> "the sandbox was inactive for too long";
            case CANCELLED -> "the run was cancelled";
            case TASK_DELETED -> "the task was deleted";
        };
    }

    private static RunDescription describe(
            Run run, StateReason reason, String sentence, String next, Optional<Instant> nextAt) {
        return new RunDescription(
                run, Optional.empty(), reason, sentence, next, nextAt, List.of(), Optional.empty());
    }

    private static RunDescription describe(
            Run run,
            QueueEntry entry,
            StateReason reason,
            String sentence,
            String next,
            Optional<Instant> nextAt) {
        return new RunDescription(
                run,
                Optional.of(entry),
                reason,
                sentence,
                next,
                nextAt,
                List.of(),
                Optional.empty());
    }
}
