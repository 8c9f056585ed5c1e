package dev.errand;

import dev.errand.run.ReasoningEfforts;
import dev.errand.run.StatusPolicy;
import dev.errand.run.TermsPolicy;
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
 * @param termsPolicy how urgent a run is, and how long it may take
 * @param objectFolder the first segment of object keys (contract H1)
 * @param maxArtifactsPerRequest how many files one request may stage (contract J21)
 * @param maxLogEntriesPerRequest how many entries one request may append (contract J21)
 */
public record Policies(
        StatusPolicy statusPolicy,
        RunStatus bootstrapStatus,
        ReasoningEfforts reasoningEfforts,
        TitleGenerator titleGenerator,
        TermsPolicy termsPolicy,
        String objectFolder,
        int maxArtifactsPerRequest,
        int maxLogEntriesPerRequest) {

    /** The contract's defaults. */
    public static final Policies DEFAULT =
            new Policies(
                    StatusPolicy.STRICT,
                    RunStatus.NOT_STARTED,
                    ReasoningEfforts.published(),
                    TitleGenerator.FIRST_LINE,
                    TermsPolicy.ALIKE,
                    "tasks",
                    100,
                    10_000);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if {@code bootstrapStatus} is neither of the two, {@code
     *     objectFolder} is not one path segment, or a number is not positive
     */
    public Policies {
        Objects.requireNonNull(statusPolicy, "statusPolicy");
        Objects.requireNonNull(reasoningEfforts, "reasoningEfforts");
        Objects.requireNonNull(titleGenerator, "titleGenerator");
        Objects.requireNonNull(termsPolicy, "termsPolicy");
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
    public Policies withStatusPolicy(StatusPolicy changed) {
        return new Policies(
                changed,
                bootstrapStatus,
                reasoningEfforts,
                titleGenerator,
                termsPolicy,
                objectFolder,
                maxArtifactsPerRequest,
                maxLogEntriesPerRequest);
    }

    /** These policies with another first status of recorded runs. */
    public Policies withBootstrapStatus(RunStatus changed) {
        return new Policies(
                statusPolicy,
                changed,
                reasoningEfforts,
                titleGenerator,
                termsPolicy,
                objectFolder,
                maxArtifactsPerRequest,
                maxLogEntriesPerRequest);
    }

    /** These policies with another table of efforts. */
    public Policies withReasoningEfforts(ReasoningEfforts changed) {
        return new Policies(
                statusPolicy,
                bootstrapStatus,
                changed,
                titleGenerator,
                termsPolicy,
                objectFolder,
                maxArtifactsPerRequest,
                maxLogEntriesPerRequest);
    }

    /** These policies with another maker of titles. */
    public Policies withTitleGenerator(TitleGenerator changed) {
        return new Policies(
                statusPolicy,
                bootstrapStatus,
                reasoningEfforts,
                changed,
                termsPolicy,
                objectFolder,
                maxArtifactsPerRequest,
                maxLogEntriesPerRequest);
    }

    /** These policies with other terms of runs. */
    public Policies withTermsPolicy(TermsPolicy changed) {
        return new Policies(
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
    public Policies withLimits(int artifactsPerRequest, int logEntriesPerRequest) {
        return new Policies(
                statusPolicy,
                bootstrapStatus,
                reasoningEfforts,
                titleGenerator,
                termsPolicy,
                objectFolder,
                artifactsPerRequest,
                logEntriesPerRequest);
    }
}
