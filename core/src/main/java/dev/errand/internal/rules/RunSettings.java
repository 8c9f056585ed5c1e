package dev.errand.internal.rules;

import dev.errand.run.CreateRunRequest;
import dev.errand.run.RunTaskRequest;
import dev.errand.run.RuntimeSelection;
import dev.errand.run.StateKey;
import dev.errand.spi.run.PrAuthorshipMode;
import dev.errand.spi.run.RunSource;
import java.util.Optional;
import java.util.UUID;

/**
 * What a run is created with, after inheritance (contract E5): each member from the request, else
 * from the run that is resumed, each on its own.
 *
 * @param branch the branch to start from
 * @param sandboxEnvironment the environment to use
 * @param authorship in whose name pull requests are opened
 * @param source what triggered the run
 * @param signalReportId the report that triggered it
 * @param selection the runtime
 * @param snapshot the sandbox snapshot to restore, only ever inherited
 */
public record RunSettings(
        Optional<String> branch,
        Optional<UUID> sandboxEnvironment,
        Optional<PrAuthorshipMode> authorship,
        Optional<RunSource> source,
        Optional<String> signalReportId,
        RuntimeSelection selection,
        Optional<String> snapshot) {

    /** The settings of a recorded run, which inherits nothing. */
    public static RunSettings of(CreateRunRequest request) {
        return new RunSettings(
                request.branch(),
                request.sandboxEnvironmentId(),
                request.prAuthorshipMode(),
                request.runSource(),
                request.signalReportId(),
                request.selection(),
                Optional.empty());
    }

    /**
     * The settings of a run that is to be executed, with what it inherits from the state of an
     * earlier one.
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
                Optional.empty());
    }

    private static RunSettings inheriting(RunTaskRequest request, RunState resumed) {
        RuntimeSelection before = resumed.selection();
        return new RunSettings(
                request.branch().or(() -> resumed.text(StateKey.PR_BASE_BRANCH)),
                request.sandboxEnvironmentId().or(resumed::sandboxEnvironment),
                request.prAuthorshipMode().or(resumed::authorship),
                request.runSource()
                        .or(() -> resumed.constant(StateKey.RUN_SOURCE, RunSource::fromWire)),
                request.signalReportId().or(() -> resumed.text(StateKey.SIGNAL_REPORT_ID)),
                new RuntimeSelection(
                        request.runtimeAdapter().or(before::adapter),
                        request.model().or(before::model),
                        request.reasoningEffort().or(before::effort)),
                resumed.text(StateKey.SNAPSHOT_EXTERNAL_ID));
    }

    /** These settings with another authorship. */
    public RunSettings authoredBy(PrAuthorshipMode mode) {
        return new RunSettings(
                branch,
                sandboxEnvironment,
                Optional.of(mode),
                source,
                signalReportId,
                selection,
                snapshot);
    }

    /** These settings without a sandbox environment. */
    public RunSettings withoutEnvironment() {
        return new RunSettings(
                branch, Optional.empty(), authorship, source, signalReportId, selection, snapshot);
    }
}
