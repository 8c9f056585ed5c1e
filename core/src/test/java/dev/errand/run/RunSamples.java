package dev.errand.run;

import dev.errand.spi.JsonText;
import dev.errand.spi.ProjectId;
import dev.errand.spi.run.DispatchState;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.task.TaskId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Sample runs. */
public final class RunSamples {

    public static final Instant CREATED = Instant.parse("2026-05-07T09:30:00Z");
    public static final Instant LATER = CREATED.plusSeconds(60);

    private RunSamples() {}

    public static Run run(RunStatus status, RunEnvironment environment) {
        return run(status, environment, dispatch(status, environment), "{\"mode\":\"background\"}");
    }

    public static Run withState(String state) {
        return run(RunStatus.IN_PROGRESS, RunEnvironment.LOCAL, DispatchState.NOT_REQUESTED, state);
    }

    public static Run run(
            RunStatus status, RunEnvironment environment, DispatchState dispatch, String state) {
        boolean ended = status.isTerminal();
        return new Run(
                ProjectId.of(7),
                TaskId.of(new UUID(0x7000L, 1)),
                RunId.of(new UUID(0x7000L, 2)),
                3,
                status,
                environment,
                Optional.of("plan"),
                Optional.of("main"),
                Optional.empty(),
                Optional.empty(),
                JsonText.of(state),
                List.of(),
                dispatch,
                ended ? Optional.of(EndReason.REPORTED) : Optional.empty(),
                CREATED,
                CREATED,
                ended ? Optional.of(CREATED) : Optional.empty());
    }

    /** Returns the dispatch state of a run that reached this status by the usual transitions. */
    public static DispatchState dispatch(RunStatus status, RunEnvironment environment) {
        if (environment == RunEnvironment.LOCAL || status == RunStatus.NOT_STARTED) {
            return DispatchState.NOT_REQUESTED;
        }
        DispatchState waiting = DispatchState.NOT_REQUESTED.queued(CREATED);
        if (status == RunStatus.QUEUED) {
            return waiting;
        }
        DispatchState launched = waiting.launched("sandbox-1", CREATED);
        return status.isTerminal() ? launched.done() : launched;
    }
}
