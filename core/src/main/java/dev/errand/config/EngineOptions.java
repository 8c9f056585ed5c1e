package dev.errand.config;

import dev.errand.run.ReasoningEfforts;
import dev.errand.run.SchedulingPolicy;
import dev.errand.run.StatusPolicy;
import dev.errand.spi.run.RunStatus;
import dev.errand.task.TitleGenerator;
import java.util.Objects;

/**
 * What a host may decide differently from the contract's defaults. Immutable.
 *
 * @param statusPolicy which status may follow which (contract G3)
 * @param bootstrapStatus the first status of a recorded run: {@code not_started} or {@code queued}
 *     (contract K1)
 * @param reasoningEfforts which model supports which effort (contract E3)
 * @param titleGenerator makes titles from descriptions (contract E6)
 * @param schedulingPolicy how urgent a run is, and how long it may take
 * @param objectFolder the first segment of object keys (contract H1)
 * @param maxArtifactsPerRequest how many files one request may stage (contract J21)
 * @param maxLogEntriesPerRequest how many entries one request may append (contract J21)
 */
public record EngineOptions(
        StatusPolicy statusPolicy,
        RunStatus bootstrapStatus,
        ReasoningEfforts reasoningEfforts,
        TitleGenerator titleGenerator,
        SchedulingPolicy schedulingPolicy,
        String objectFolder,
        int maxArtifactsPerRequest,
        int maxLogEntriesPerRequest) {

    /** The contract's defaults. */
    public static final EngineOptions DEFAULT =
            new EngineOptions(
                    StatusPolicy.STRICT,
                    RunStatus.NOT_STARTED,
                    ReasoningEfforts.published(),
                    TitleGenerator.FIRST_LINE,
                    SchedulingPolicy.DEFAULT,
                    "tasks",
                    100,
                    10_000);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if {@code bootstrapStatus} is neither of the two, {@code
     *     objectFolder} is not one path segment, or a number is not positive
     */
    public EngineOptions {
        Objects.requireNonNull(statusPolicy, "statusPolicy");
        Objects.requireNonNull(reasoningEfforts, "reasoningEfforts");
        Objects.requireNonNull(titleGenerator, "titleGenerator");
        Objects.requireNonNull(schedulingPolicy, "schedulingPolicy");
        if (bootstrapStatus != RunStatus.NOT_STARTED && bootstrapStatus != RunStatus.QUEUED) {
            throw new IllegalArgumentException(
                    "bootstrapStatus must be NOT_STARTED or QUEUED, not " + bootstrapStatus);
        }
        if (!objectFolder.matches("[A-Za-z0-9_-]+")) {
            throw new IllegalArgumentException(
                    "objectFolder must be letters, digits, _ and -, not \"" + objectFolder + "\"");
        }
        if (maxArtifactsPerRequest < 1 || maxLogEntriesPerRequest < 1) {
            throw new IllegalArgumentException("limits must be positive");
        }
    }

    /** These policies with another status policy. */
    public EngineOptions withStatusPolicy(StatusPolicy changed) {
        return new EngineOptions(
                changed,
                bootstrapStatus,
                reasoningEfforts,
                titleGenerator,
                schedulingPolicy,
                objectFolder,
                maxArtifactsPerRequest,
                maxLogEntriesPerRequest);
    }

    /** These policies with another first status of recorded runs. */
    public EngineOptions withBootstrapStatus(RunStatus changed) {
        return new EngineOptions(
                statusPolicy,
                changed,
                reasoningEfforts,
                titleGenerator,
                schedulingPolicy,
                objectFolder,
                maxArtifactsPerRequest,
                maxLogEntriesPerRequest);
    }

    /** These policies with another table of efforts. */
    public EngineOptions withReasoningEfforts(ReasoningEfforts changed) {
        return new EngineOptions(
                statusPolicy,
                bootstrapStatus,
                changed,
                titleGenerator,
                schedulingPolicy,
                objectFolder,
                maxArtifactsPerRequest,
                maxLogEntriesPerRequest);
    }

    /** These policies with another maker of titles. */
    public EngineOptions withTitleGenerator(TitleGenerator changed) {
        return new EngineOptions(
                statusPolicy,
                bootstrapStatus,
                reasoningEfforts,
                changed,
                schedulingPolicy,
                objectFolder,
                maxArtifactsPerRequest,
                maxLogEntriesPerRequest);
    }

    /** These policies with other terms of runs. */
    public EngineOptions withSchedulingPolicy(SchedulingPolicy changed) {
        return new EngineOptions(
                statusPolicy,
                bootstrapStatus,
                reasoningEfforts,
                titleGenerator,
                changed,
                objectFolder,
                maxArtifactsPerRequest,
                maxLogEntriesPerRequest);
    }

    /** These policies with other bounds on what one request may hold. */
    public EngineOptions withLimits(int artifactsPerRequest, int logEntriesPerRequest) {
        return new EngineOptions(
                statusPolicy,
                bootstrapStatus,
                reasoningEfforts,
                titleGenerator,
                schedulingPolicy,
                objectFolder,
                artifactsPerRequest,
                logEntriesPerRequest);
    }
}
