package dev.errand.internal.rules;

import dev.errand.run.AgentSettings;
import dev.errand.run.CreateRunRequest;
import dev.errand.run.RunTaskRequest;
import dev.errand.run.RuntimeSelection;
import dev.errand.run.StateKey;
import dev.errand.spi.run.PrAuthorshipMode;
import dev.errand.spi.run.RunSource;
import java.util.Optional;
import java.util.UUID;

/**
 * The settings of a new run after inheritance (docs/wire/starting-runs.md#e5). Each member is taken
 * from the request, or else from the run that is resumed.
 *
 * @param branch the branch to start from
 * @param sandboxEnvironment the sandbox environment
 * @param authorship the author of pull requests
 * @param source the trigger of the run
 * @param signalReportId the signal report that triggered the run
 * @param selection the agent and model
 * @param agent further settings of the agent
 * @param snapshot the sandbox snapshot to restore; inherited only
 */
public record RunSettings(
        Optional<String> branch,
        Optional<UUID> sandboxEnvironment,
        Optional<PrAuthorshipMode> authorship,
        Optional<RunSource> source,
        Optional<String> signalReportId,
        RuntimeSelection selection,
        AgentSettings agent,
        Optional<String> snapshot) {

    /**
     * Returns the settings of a run that is created without being started, which inherits nothing.
     */
    public static RunSettings of(CreateRunRequest request) {
        return new RunSettings(
                request.branch(),
                request.sandboxEnvironmentId(),
                request.prAuthorshipMode(),
                request.runSource(),
                request.signalReportId(),
                request.selection(),
                request.agentSettings(),
                Optional.empty());
    }

    /**
     * Returns the settings of a queued run.
     *
     * @param resumed the state of the run that it resumes
     */
    public static RunSettings of(RunTaskRequest request, Optional<RunState> resumed) {
        return resumed.isEmpty() ? of(request) : inheriting(request, resumed.get());
    }

    private static RunSettings of(RunTaskRequest request) {
        return new RunSettings(
                request.branch(),
                request.sandboxEnvironmentId(),
                request.prAuthorshipMode(),
                request.runSource(),
                request.signalReportId(),
                request.selection(),
                request.agentSettings(),
                Optional.empty());
    }

    private static RunSettings inheriting(RunTaskRequest request, RunState resumed) {
        RuntimeSelection before = resumed.selection();
        return new RunSettings(
                request.branch().or(() -> resumed.text(StateKey.PR_BASE_BRANCH)),
                request.sandboxEnvironmentId().or(resumed::sandboxEnvironment),
                request.prAuthorshipMode().or(resumed::authorship),
                request.runSource()
                        .or(() -> resumed.enumValue(StateKey.RUN_SOURCE, RunSource::fromWire)),
                request.signalReportId().or(() -> resumed.text(StateKey.SIGNAL_REPORT_ID)),
                new RuntimeSelection(
                        request.runtimeAdapter().or(before::adapter),
                        request.model().or(before::model),
                        request.reasoningEffort().or(before::effort)),
                request.agentSettings().inheriting(resumed.agentSettings()),
                resumed.text(StateKey.SNAPSHOT_EXTERNAL_ID));
    }

    /** Returns the authorship of a run that is restarted; its other settings stay in its state. */
    public static RunSettings ofRestart(RunState state) {
        return new RunSettings(
                Optional.empty(),
                Optional.empty(),
                state.authorship(),
                Optional.empty(),
                Optional.empty(),
                RuntimeSelection.NONE,
                AgentSettings.NONE,
                Optional.empty());
    }

    /** Returns a copy with the given authorship. */
    public RunSettings authoredBy(PrAuthorshipMode mode) {
        return new RunSettings(
                branch,
                sandboxEnvironment,
                Optional.of(mode),
                source,
                signalReportId,
                selection,
                agent,
                snapshot);
    }

    /** Returns a copy without a sandbox environment. */
    public RunSettings withoutEnvironment() {
        return new RunSettings(
                branch,
                Optional.empty(),
                authorship,
                source,
                signalReportId,
                selection,
                agent,
                snapshot);
    }

    /** Returns a copy without a custom image. */
    public RunSettings withoutCustomImage() {
        return new RunSettings(
                branch,
                sandboxEnvironment,
                authorship,
                source,
                signalReportId,
                selection,
                agent.withoutCustomImage(),
                snapshot);
    }
}
