package dev.errand.tck;

import dev.errand.spi.Idempotency;
import dev.errand.spi.JsonText;
import dev.errand.spi.ProjectId;
import dev.errand.spi.UserId;
import dev.errand.spi.store.InsertResult;
import dev.errand.spi.store.NewTask;
import dev.errand.spi.store.TaskInsertion;
import dev.errand.spi.store.TaskStore;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.OriginProduct;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskDetails;
import dev.errand.spi.task.TaskId;
import dev.errand.spi.task.TaskRuntime;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * A builder for tasks in tests: {@code aTask().withRepository("acme/mobile").build()}. By default a
 * task has a new id and no optional values. Not thread-safe.
 */
public final class TestTasks {

    /** The default creation time of a task. */
    public static final Instant CREATED_AT = Instant.parse("2026-05-06T08:12:44.310225Z");

    private TaskId id = TaskId.of(UUID.randomUUID());
    private String title = "";
    private boolean titleManuallySet;
    private String description = "";
    private OriginProduct originProduct = OriginProduct.USER_CREATED;
    private Optional<String> repository = Optional.empty();
    private Optional<Long> githubIntegration = Optional.empty();
    private Optional<UUID> githubUserIntegration = Optional.empty();
    private Optional<UUID> signalReport = Optional.empty();
    private Optional<JsonText> jsonSchema = Optional.empty();
    private boolean internal;
    private Optional<String> ciPrompt = Optional.empty();
    private Optional<Instant> archivedAt = Optional.empty();
    private List<String> furtherRepositories = List.of();
    private TaskRuntime runtime = TaskRuntime.ACP;
    private Optional<UserId> createdBy = Optional.empty();
    private Instant createdAt = CREATED_AT;

    private TestTasks() {}

    /** Inserts one task without a run. */
    public static InsertResult<Task> insertTask(
            TaskStore store, ProjectId project, NewTask task, Optional<Idempotency> key) {
        InsertResult<List<TaskWithLatestRun>> result =
                store.insert(project, List.of(TaskInsertion.of(task)), key);
        if (result instanceof InsertResult.Inserted<List<TaskWithLatestRun>> inserted) {
            return new InsertResult.Inserted<>(inserted.value().get(0).task());
        }
        return result instanceof InsertResult.Replayed<List<TaskWithLatestRun>> replayed
                ? new InsertResult.Replayed<>(replayed.first().get(0).task())
                : new InsertResult.KeyConflict<>();
    }

    /** Inserts tasks without a key. */
    public static List<TaskWithLatestRun> insertTasks(
            TaskStore store, ProjectId project, List<TaskInsertion> tasks) {
        return ((InsertResult.Inserted<List<TaskWithLatestRun>>)
                        store.insert(project, tasks, Optional.empty()))
                .value();
    }

    /** Returns a builder for a task without any details. */
    public static TestTasks aTask() {
        return new TestTasks();
    }

    /** Returns a builder for a task with all details. */
    public static TestTasks aFullTask() {
        TestTasks task =
                aTask().withTitle("Fix crash when the cart is empty")
                        .withDescription("Opening the cart crashes: \"NPE\" – 日本語\n\tat Cart")
                        .withOrigin(OriginProduct.ERROR_TRACKING)
                        .withRepository("acme/mobile")
                        .withCreator(31)
                        .withSchema("{\"type\":\"object\"}")
                        .internal();
        task.titleManuallySet = true;
        task.githubIntegration = Optional.of(12L);
        task.githubUserIntegration = Optional.of(UUID.randomUUID());
        task.signalReport = Optional.of(UUID.randomUUID());
        task.ciPrompt = Optional.of("");
        task.furtherRepositories = List.of("acme/server", "acme/web");
        task.runtime = TaskRuntime.PI;
        return task;
    }

    /** Sets the id. */
    public TestTasks withId(TaskId chosen) {
        id = Objects.requireNonNull(chosen, "chosen");
        return this;
    }

    /** Sets the title. */
    public TestTasks withTitle(String chosen) {
        title = Objects.requireNonNull(chosen, "chosen");
        return this;
    }

    /** Sets the description. */
    public TestTasks withDescription(String chosen) {
        description = Objects.requireNonNull(chosen, "chosen");
        return this;
    }

    /** Sets the origin. */
    public TestTasks withOrigin(OriginProduct chosen) {
        originProduct = Objects.requireNonNull(chosen, "chosen");
        return this;
    }

    /** Sets the repository. */
    public TestTasks withRepository(String chosen) {
        repository = Optional.of(chosen);
        return this;
    }

    /** Sets the JSON schema of the output. */
    public TestTasks withSchema(String json) {
        jsonSchema = Optional.of(JsonText.of(json));
        return this;
    }

    /** Sets the user who created the task. */
    public TestTasks withCreator(long user) {
        createdBy = Optional.of(UserId.of(user));
        return this;
    }

    /** Sets the creation time. */
    public TestTasks createdAt(Instant time) {
        createdAt = Objects.requireNonNull(time, "time");
        return this;
    }

    /** Excludes the task from lists that do not ask for internal tasks. */
    public TestTasks internal() {
        internal = true;
        return this;
    }

    /** Excludes the task from lists that do not ask for archived tasks. */
    public TestTasks archived() {
        archivedAt = Optional.of(createdAt);
        return this;
    }

    /** Returns the details of the task. */
    public TaskDetails details() {
        return new TaskDetails(
                title,
                titleManuallySet,
                description,
                originProduct,
                repository,
                githubIntegration,
                githubUserIntegration,
                signalReport,
                jsonSchema,
                internal,
                ciPrompt,
                archivedAt,
                furtherRepositories,
                runtime);
    }

    /** Builds the task for an insert. */
    public NewTask build() {
        return new NewTask(id, details(), createdBy, createdAt, Optional.empty());
    }
}
