package dev.errand.jdbc.upgrade;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aTask;

import dev.errand.spi.Idempotency;
import dev.errand.spi.JsonText;
import dev.errand.spi.PageRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.Secret;
import dev.errand.spi.UserId;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.ArtifactType;
import dev.errand.spi.artifact.Reservation;
import dev.errand.spi.artifact.StagedArtifact;
import dev.errand.spi.run.DispatchState;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.RunTimeouts;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.store.InsertResult;
import dev.errand.spi.store.LogEntry;
import dev.errand.spi.store.LogFilter;
import dev.errand.spi.store.NewRun;
import dev.errand.spi.store.NewTask;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.task.OriginProduct;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskDetails;
import dev.errand.spi.task.TaskId;
import dev.errand.tck.TestTasks;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Sample data that covers every table and is the same each time it is written: reading it from an
 * upgraded database must give the same result as reading it from a new one. Extend it with the
 * schema; do not remove anything.
 */
final class SampleData {

    static final Instant NOW = Instant.parse("2026-05-06T09:00:00Z");

    /** The clock of all backends, so that nothing expires. */
    static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    static final ProjectId PROJECT = ProjectId.of(7);
    static final RunId QUEUED_RUN = RunId.of(id("queued run"));
    static final Map<String, Secret> SECRETS = Map.of("github_user_token", Secret.of("ghp_1"));

    private static final ProjectId OTHER_PROJECT = ProjectId.of(8);
    private static final TaskId FULL_TASK = TaskId.of(id("full task"));
    private static final TaskId DELETED_TASK = TaskId.of(id("deleted task"));
    private static final TaskId OTHER_TASK = TaskId.of(id("other task"));
    private static final RunId ENDED_RUN = RunId.of(id("ended run"));
    private static final RunId CLAIMED_RUN = RunId.of(id("claimed run"));
    private static final RunId URGENT_RUN = RunId.of(id("urgent run"));
    private static final List<RunId> RUNS = List.of(ENDED_RUN, CLAIMED_RUN, QUEUED_RUN, URGENT_RUN);
    private static final TaskFilter BUILDING =
            new TaskFilter(
                    false,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of("building"),
                    Optional.empty());
    private static final RunTimeouts TIMEOUTS =
            RunTimeouts.DEFAULTS.withQueued(Duration.ofMinutes(10)).withTotal(Duration.ofHours(2));
    private static final ArtifactId RESERVED = ArtifactId.of(id("reserved"));
    private static final ArtifactId STAGED = ArtifactId.of(id("staged"));
    private static final ArtifactId CONSUMED = ArtifactId.of(id("consumed"));
    private static final Duration LONG = Duration.ofDays(36_500);
    private static final Idempotency TASK_KEY =
            new Idempotency("user:31", "POST tasks/", "key-1", "hash-1");
    private static final Idempotency RUN_KEY =
            new Idempotency("user:31", "POST tasks/{id}/run/", "key-2", "hash-2");

    private static final Idempotency URGENT_KEY =
            new Idempotency("user:31", "POST tasks/{id}/run/", "key-3", "hash-3");

    private SampleData() {}

    /** Writes the sample data as far as the given schema version supports it. */
    static void write(Backend backend, int version) {
        Task full =
                task(
                        TestTasks.insertTask(
                                backend.tasks(), PROJECT, fullTask(), Optional.of(TASK_KEY)));
        Task retitled = full.withDetails(details("Fix the empty cart, \"now\""), NOW);
        backend.tasks().update(PROJECT, retitled);
        NewTask second = aTask().withId(DELETED_TASK).createdAt(NOW.minusSeconds(5)).build();
        Task deleted =
                task(TestTasks.insertTask(backend.tasks(), PROJECT, second, Optional.empty()));
        backend.tasks().update(PROJECT, deleted.markDeleted(NOW));
        NewTask foreign = aTask().withId(OTHER_TASK).createdAt(NOW).internal().build();
        TestTasks.insertTask(backend.tasks(), OTHER_PROJECT, foreign, Optional.empty());

        stage(backend);
        writeEndedRun(backend, full);
        backend.runs()
                .insert(
                        PROJECT,
                        aRun(full)
                                .withId(CLAIMED_RUN)
                                .createdAt(NOW)
                                .queuedAt(NOW.minusSeconds(60))
                                .build(),
                        Optional.empty());
        backend.queue().claim(ProjectScope.everyProject(), new ClaimRequest("node", 1, LONG));
        backend.runs()
                .insert(
                        PROJECT,
                        aRun(full)
                                .withId(QUEUED_RUN)
                                .withBranch("main")
                                .createdAt(NOW.plusSeconds(1))
                                .queuedAt(NOW)
                                .build(),
                        Optional.empty());
        backend.secrets().put(PROJECT, QUEUED_RUN, SECRETS, NOW.plus(LONG));
        if (version >= 2) {
            backend.runs().insert(PROJECT, urgent(full, URGENT_RUN), Optional.of(URGENT_KEY));
        }
    }

    private static NewRun urgent(Task task, RunId run) {
        return aRun(task)
                .withId(run)
                .createdAt(NOW.plusSeconds(2))
                .queuedAt(NOW)
                .withScheduling(80, TIMEOUTS)
                .build();
    }

    private static void writeEndedRun(Backend backend, Task task) {
        var started =
                aRun(task)
                        .withId(ENDED_RUN)
                        .withStage("building")
                        .withState("{\"mode\":\"background\",\"x\":[1,\"日本語\"]}")
                        .createdAt(NOW.minusSeconds(600))
                        .consuming(CONSUMED)
                        .build();
        backend.runs().insert(PROJECT, started, Optional.of(RUN_KEY));
        Run run = backend.runs().find(PROJECT, task.id(), ENDED_RUN).orElseThrow();
        Run ended =
                run.change(NOW)
                        .branch(Optional.of("errand/fix"))
                        .output(Optional.of(JsonText.of("{\"pr_url\": null}")))
                        .errorMessage(Optional.of("it said:\n\t'no'"))
                        .endedWith(RunStatus.FAILED, EndReason.SANDBOX_EXITED)
                        .build();
        backend.runs().update(PROJECT, RunChange.of(run, ended));
        backend.log()
                .append(
                        PROJECT,
                        ENDED_RUN,
                        Optional.empty(),
                        List.of(entry("one"), named("two")),
                        Optional.empty());
        backend.log()
                .append(
                        PROJECT,
                        ENDED_RUN,
                        Optional.empty(),
                        List.of(entry("Übung 3")),
                        Optional.empty());
    }

    private static void stage(Backend backend) {
        List<Reservation> reservations =
                List.of(reservation(RESERVED), reservation(STAGED), reservation(CONSUMED));
        backend.staging().reserve(PROJECT, reservations);
        backend.staging().stage(PROJECT, List.of(staged(STAGED), staged(CONSUMED)));
    }

    /** Reads everything in a fixed order. */
    static List<Object> readEverything(Backend backend) {
        List<Object> answers = new ArrayList<>();
        for (TaskId task : List.of(FULL_TASK, DELETED_TASK)) {
            answers.add(backend.tasks().find(PROJECT, task));
        }
        answers.add(backend.tasks().find(OTHER_PROJECT, OTHER_TASK));
        answers.add(backend.tasks().list(PROJECT, TaskFilter.DEFAULT, PageRequest.FIRST));
        answers.add(backend.tasks().listAfter(PROJECT, BUILDING, Optional.empty(), 10));
        for (RunId run : RUNS) {
            answers.add(backend.runs().find(PROJECT, FULL_TASK, run));
            answers.add(backend.log().read(PROJECT, run, LogFilter.ALL, 0, 100));
            answers.add(backend.secrets().find(PROJECT, run));
        }
        answers.add(backend.runs().list(PROJECT, FULL_TASK, PageRequest.FIRST));
        answers.add(backend.runs().listOpen(PROJECT, FULL_TASK));
        answers.add(backend.staging().findReservation(PROJECT, FULL_TASK, RESERVED));
        answers.add(backend.staging().find(PROJECT, FULL_TASK, List.of(STAGED, CONSUMED)));
        answers.add(backend.runs().findStoredResult(PROJECT, TASK_KEY));
        answers.add(backend.runs().findStoredResult(PROJECT, RUN_KEY));
        answers.add(backend.runs().findStoredResult(PROJECT, URGENT_KEY));
        return answers;
    }

    /** Writes further data, which continues numbers, positions and claims. */
    static List<Object> continueWriting(Backend backend) {
        List<Object> answers = new ArrayList<>();
        NewTask next = aTask().withId(TaskId.of(id("next task"))).createdAt(NOW).build();
        answers.add(TestTasks.insertTask(backend.tasks(), PROJECT, next, Optional.empty()));
        answers.add(
                TestTasks.insertTask(backend.tasks(), PROJECT, fullTask(), Optional.of(TASK_KEY)));
        answers.add(
                backend.log()
                        .append(
                                PROJECT,
                                ENDED_RUN,
                                Optional.empty(),
                                List.of(named("two"), entry("four")),
                                Optional.empty()));
        Task full = backend.tasks().find(PROJECT, FULL_TASK).orElseThrow().task();
        NewRun urgent = urgent(full, RunId.of(id("urgent since the upgrade")));
        answers.add(backend.runs().insert(PROJECT, urgent, Optional.empty()));
        answers.add(backend.runs().find(PROJECT, FULL_TASK, urgent.run().id()));
        Run queued = backend.runs().find(PROJECT, FULL_TASK, QUEUED_RUN).orElseThrow();
        DispatchState patient = queued.dispatch().withScheduling(-80, TIMEOUTS);
        answers.add(
                backend.runs()
                        .update(
                                PROJECT,
                                RunChange.of(
                                        queued, queued.change(NOW).dispatch(patient).build())));
        answers.add(
                backend.queue()
                        .claim(ProjectScope.everyProject(), new ClaimRequest("next", 9, LONG)));
        return answers;
    }

    private static Task task(InsertResult<Task> answer) {
        return ((InsertResult.Inserted<Task>) answer).value();
    }

    private static NewTask fullTask() {
        return new NewTask(
                FULL_TASK,
                details("Fix the empty cart"),
                Optional.of(UserId.of(31)),
                NOW.minusSeconds(3_600),
                Optional.empty());
    }

    private static TaskDetails details(String title) {
        return new TaskDetails(
                title,
                true,
                "Opening it crashes: \"NPE\" – 日本語\n\tat Cart",
                OriginProduct.ERROR_TRACKING,
                Optional.of("acme/mobile"),
                Optional.of(12L),
                Optional.of(id("integration")),
                Optional.of(id("report")),
                Optional.of(JsonText.of("{\"type\":\"object\"}")),
                false,
                Optional.of("Mind the cart."));
    }

    private static Reservation reservation(ArtifactId artifact) {
        return new Reservation(FULL_TASK, artifact, path(artifact), NOW.plus(LONG));
    }

    private static StagedArtifact staged(ArtifactId artifact) {
        return new StagedArtifact(
                FULL_TASK,
                new Artifact(
                        artifact,
                        "100% \"sure\".txt",
                        ArtifactType.USER_ATTACHMENT,
                        "posthog_code",
                        4_096,
                        "text/plain",
                        path(artifact),
                        NOW),
                NOW.plus(LONG));
    }

    private static String path(ArtifactId artifact) {
        return "tasks/artifacts/team_%s/task_%s/staged/%s/sure.txt"
                .formatted(PROJECT, FULL_TASK, artifact);
    }

    private static LogEntry entry(String text) {
        return new LogEntry(JsonText.of("{\"text\":\"" + text + "\"}"), Optional.empty());
    }

    private static LogEntry named(String text) {
        return new LogEntry(JsonText.of("{\"text\":\"" + text + "\"}"), Optional.of(text));
    }

    private static UUID id(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }
}
