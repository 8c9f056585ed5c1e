package dev.errand.testkit;

import dev.errand.ProjectClient;
import dev.errand.error.RequestException;
import dev.errand.run.AppendLogRequest;
import dev.errand.run.CancelRunRequest;
import dev.errand.run.CreateRunRequest;
import dev.errand.run.RunTaskRequest;
import dev.errand.run.SetOutputRequest;
import dev.errand.run.StartRunRequest;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.run.RunId;
import dev.errand.spi.task.TaskId;
import dev.errand.task.CreateTaskRequest;
import dev.errand.task.UpdateTaskRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An operation of a caller. Its target is selected by a number when the operation is executed, so
 * the operation can be generated before any task or run exists.
 *
 * @param kind the kind of operation
 * @param target selects a task and one of its runs, modulo their number
 * @param request the request; its type is that of the kind
 */
public record Operation(Kind kind, int target, Optional<Record> request) {

    /** The kinds of operations. */
    public enum Kind {
        /** Creates a task. */
        CREATE_TASK(CreateTaskRequest.class),
        /** Changes a task. */
        UPDATE_TASK(UpdateTaskRequest.class),
        /** Deletes a task. */
        DELETE_TASK(null),
        /** Runs a task. */
        RUN_TASK(RunTaskRequest.class),
        /** Creates a run without starting it. */
        CREATE_RUN(CreateRunRequest.class),
        /** Starts a run that was created without being started. */
        START_RUN(StartRunRequest.class),
        /** Updates a run. */
        UPDATE_RUN(UpdateRunRequest.class),
        /** Sets the output of a run. */
        SET_OUTPUT(SetOutputRequest.class),
        /** Appends to the log of a run. */
        APPEND_LOG(AppendLogRequest.class),
        /** Restarts a run in the cloud. */
        RESTART_RUN(null),
        /** Cancels a run. */
        CANCEL_RUN(CancelRunRequest.class);

        private final @Nullable Class<? extends Record> request;

        Kind(@Nullable Class<? extends Record> request) {
            this.request = request;
        }

        /** Returns the request type, or empty if the operation has no request. */
        public Optional<Class<? extends Record>> request() {
            return Optional.ofNullable(request);
        }
    }

    /** The tasks and runs created so far. Not thread-safe. */
    public static final class Created {
        private final List<TaskId> tasks = new ArrayList<>();
        private final List<List<RunId>> runs = new ArrayList<>();

        /** Creates an empty registry. */
        public Created() {}

        /** Returns all created tasks, including deleted ones. */
        public List<TaskId> tasks() {
            return List.copyOf(tasks);
        }

        /** Returns the created runs of a task. */
        public List<RunId> runsOf(TaskId task) {
            return List.copyOf(runs.get(tasks.indexOf(task)));
        }
    }

    /**
     * Executes the operation if its target exists.
     *
     * @return whether it was executed; false also if the engine rejected it
     */
    public boolean play(ProjectClient api, Created created) {
        try {
            if (kind == Kind.CREATE_TASK) {
                created.tasks.add(api.tasks().create(asked()).task().id());
                created.runs.add(new ArrayList<>());
                return true;
            }
            if (created.tasks.isEmpty()) {
                return false;
            }
            int place = target % created.tasks.size();
            return play(api, created.tasks.get(place), created.runs.get(place));
        } catch (RequestException rejected) {
            return false;
        }
    }

    private boolean play(ProjectClient api, TaskId task, List<RunId> runs) {
        Optional<RunId> run =
                runs.isEmpty() ? Optional.empty() : Optional.of(runs.get(target % runs.size()));
        switch (kind) {
            case CREATE_TASK -> throw new IllegalStateException("CREATE_TASK has no target");
            case UPDATE_TASK -> api.tasks().update(task, asked());
            case DELETE_TASK -> api.tasks().delete(task);
            case RUN_TASK -> runs.add(api.runs().run(task, asked()).latestRun().orElseThrow().id());
            case CREATE_RUN -> runs.add(api.runs().create(task, asked()).id());
            case START_RUN -> run.ifPresent(id -> api.runs().start(task, id, asked()));
            case UPDATE_RUN -> run.ifPresent(id -> api.runs().update(task, id, asked()));
            case SET_OUTPUT -> run.ifPresent(id -> api.runs().setOutput(task, id, asked()));
            case APPEND_LOG -> run.ifPresent(id -> api.runs().appendLog(task, id, asked()));
            case RESTART_RUN -> run.ifPresent(id -> api.runs().resumeInCloud(task, id));
            case CANCEL_RUN -> run.ifPresent(id -> api.runs().cancel(task, id, asked()));
        }
        return run.isPresent() || kind.compareTo(Kind.CREATE_RUN) <= 0;
    }

    @SuppressWarnings("unchecked") // The generator uses the request type of the kind.
    private <R> R asked() {
        return (R) request.orElseThrow();
    }
}
