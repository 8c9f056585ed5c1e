package dev.errand.config;

import dev.errand.run.ReasoningEfforts;
import dev.errand.run.SchedulingPolicy;
import dev.errand.run.StatusPolicy;
import dev.errand.spi.run.RunStatus;
import dev.errand.task.TitleGenerator;
import java.util.Objects;
import java.util.Optional;

/**
 * Options of an engine. Start from {@link #DEFAULT} and use the {@code with} methods. Immutable.
 *
 * @param statusPolicy the status changes that callers may report (docs/wire/runs.md#g3)
 * @param initialStatus the initial status of a run that {@code POST runs/} creates without starting
 *     it: {@code not_started} or {@code queued} (docs/wire/compatibility.md#k1)
 * @param reasoningEfforts the reasoning efforts that each model supports; empty for those that the
 *     API profile {@linkplain ReasoningEfforts#published publishes}
 *     (docs/wire/runtime-selection.md#e3)
 * @param titleGenerator generates the titles of tasks that have none (docs/wire/tasks.md#e6)
 * @param schedulingPolicy determines the priority and the timeouts of runs
 * @param objectFolder the first segment of object keys: letters, digits, {@code _} and {@code -}
 *     (docs/wire/artifacts.md#h1)
 * @param maxArtifactsPerRequest the maximum number of files in one request
 *     (docs/wire/idempotency-and-limits.md#j21)
 * @param maxLogEntriesPerRequest the maximum number of log entries in one request
 *     (docs/wire/idempotency-and-limits.md#j21)
 * @param logLimit how large the log of one run may become
 */
public record EngineOptions(
        StatusPolicy statusPolicy,
        RunStatus initialStatus,
        Optional<ReasoningEfforts> reasoningEfforts,
        TitleGenerator titleGenerator,
        SchedulingPolicy schedulingPolicy,
        String objectFolder,
        int maxArtifactsPerRequest,
        int maxLogEntriesPerRequest,
        LogLimit logLimit) {

    /** The default options. */
    public static final EngineOptions DEFAULT =
            new EngineOptions(
                    StatusPolicy.STRICT,
                    RunStatus.NOT_STARTED,
                    Optional.empty(),
                    TitleGenerator.FIRST_LINE,
                    SchedulingPolicy.DEFAULT,
                    "tasks",
                    100,
                    10_000,
                    LogLimit.DEFAULT);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if {@code initialStatus} is neither {@code not_started} nor
     *     {@code queued}, {@code objectFolder} is empty or contains other characters than letters,
     *     digits, {@code _} and {@code -}, or a number is not positive
     */
    public EngineOptions {
        Objects.requireNonNull(statusPolicy, "statusPolicy");
        Objects.requireNonNull(reasoningEfforts, "reasoningEfforts");
        Objects.requireNonNull(titleGenerator, "titleGenerator");
        Objects.requireNonNull(schedulingPolicy, "schedulingPolicy");
        Objects.requireNonNull(logLimit, "logLimit");
        if (initialStatus != RunStatus.NOT_STARTED && initialStatus != RunStatus.QUEUED) {
            throw new IllegalArgumentException(
                    "initialStatus must be NOT_STARTED or QUEUED, not " + initialStatus);
        }
        if (!objectFolder.matches("[A-Za-z0-9_-]+")) {
            throw new IllegalArgumentException(
                    "objectFolder must be letters, digits, _ and -, not \"" + objectFolder + "\"");
        }
        if (maxArtifactsPerRequest < 1 || maxLogEntriesPerRequest < 1) {
            throw new IllegalArgumentException(
                    "maxArtifactsPerRequest and maxLogEntriesPerRequest must be positive");
        }
    }

    /** Returns a copy with the given status policy. */
    public EngineOptions withStatusPolicy(StatusPolicy changed) {
        return new EngineOptions(
                changed,
                initialStatus,
                reasoningEfforts,
                titleGenerator,
                schedulingPolicy,
                objectFolder,
                maxArtifactsPerRequest,
                maxLogEntriesPerRequest,
                logLimit);
    }

    /**
     * Returns a copy with the given initial status of runs that are created without starting them.
     */
    public EngineOptions withInitialStatus(RunStatus changed) {
        return new EngineOptions(
                statusPolicy,
                changed,
                reasoningEfforts,
                titleGenerator,
                schedulingPolicy,
                objectFolder,
                maxArtifactsPerRequest,
                maxLogEntriesPerRequest,
                logLimit);
    }

    /** Returns a copy with the given table of reasoning efforts. */
    public EngineOptions withReasoningEfforts(ReasoningEfforts changed) {
        return new EngineOptions(
                statusPolicy,
                initialStatus,
                Optional.of(changed),
                titleGenerator,
                schedulingPolicy,
                objectFolder,
                maxArtifactsPerRequest,
                maxLogEntriesPerRequest,
                logLimit);
    }

    /** Returns a copy with the given title generator. */
    public EngineOptions withTitleGenerator(TitleGenerator changed) {
        return new EngineOptions(
                statusPolicy,
                initialStatus,
                reasoningEfforts,
                changed,
                schedulingPolicy,
                objectFolder,
                maxArtifactsPerRequest,
                maxLogEntriesPerRequest,
                logLimit);
    }

    /** Returns a copy with the given scheduling policy. */
    public EngineOptions withSchedulingPolicy(SchedulingPolicy changed) {
        return new EngineOptions(
                statusPolicy,
                initialStatus,
                reasoningEfforts,
                titleGenerator,
                changed,
                objectFolder,
                maxArtifactsPerRequest,
                maxLogEntriesPerRequest,
                logLimit);
    }

    /** Returns a copy with the given limits of one request. */
    public EngineOptions withLimits(int artifactsPerRequest, int logEntriesPerRequest) {
        return new EngineOptions(
                statusPolicy,
                initialStatus,
                reasoningEfforts,
                titleGenerator,
                schedulingPolicy,
                objectFolder,
                artifactsPerRequest,
                logEntriesPerRequest,
                logLimit);
    }

    /** Returns a copy with the given limit of logs. */
    public EngineOptions withLogLimit(LogLimit changed) {
        return new EngineOptions(
                statusPolicy,
                initialStatus,
                reasoningEfforts,
                titleGenerator,
                schedulingPolicy,
                objectFolder,
                maxArtifactsPerRequest,
                maxLogEntriesPerRequest,
                changed);
    }
}
