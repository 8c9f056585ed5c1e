package dev.errand.tck;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.Inclusion;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.store.TaskPosition;
import dev.errand.spi.store.TaskStore;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.OriginProduct;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskDetails;
import dev.errand.spi.task.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Contract tests for implementations of {@link TaskStore}: lists (docs/wire/conventions.md#d0,
 * docs/wire/tasks.md#d1, docs/invariants.md#i9).
 */
public abstract class TaskListContract extends StorageContract {

    private static final int PAGE = 7;
    private static final int RANDOM_FILTERS = 60;

    /** Constructor for subclasses. */
    protected TaskListContract() {}

    /**
     * docs/wire/tasks.md#d1, docs/invariants.md#i9: tasks are listed newest first, those of equal
     * creation time by descending id. Ids are compared as unsigned values.
     */
    @Test
    public void tasksAreListedNewestFirstThenByGreaterId() {
        Instant time = clock.instant();
        Task low = insert(aTask().createdAt(time).withId(TaskId.of(new UUID(1, -1))));
        Task old = insert(aTask().createdAt(time.minusSeconds(1)));
        Task high = insert(aTask().createdAt(time).withId(TaskId.of(new UUID(-1, -1))));
        Task middle = insert(aTask().createdAt(time).withId(TaskId.of(new UUID(-1, 1))));
        Task young = insert(aTask().createdAt(time.plusSeconds(1)));

        assertThat(tasks(list(TaskFilter.DEFAULT, PageRequest.FIRST)))
                .containsExactly(young, high, middle, low, old);
        assertThat(tasks(walk(TaskFilter.DEFAULT, 2)))
                .containsExactly(young, high, middle, low, old);
    }

    /**
     * docs/wire/conventions.md#d0: if {@code offset > count}, the page is empty and reports the
     * total.
     */
    @Test
    public void aPageBeyondTheEndIsEmptyButCounts() {
        insert(aTask());

        assertThat(list(TaskFilter.DEFAULT, PageRequest.of(10, 1))).isEqualTo(emptyPageOf(1));
        assertThat(list(TaskFilter.DEFAULT, PageRequest.of(10, 1_000_000)))
                .isEqualTo(emptyPageOf(1));
        assertThat(node.tasks().list(OTHER_PROJECT, TaskFilter.DEFAULT, PageRequest.FIRST))
                .isEqualTo(emptyPageOf(0));
    }

    /**
     * docs/wire/tasks.md#d1: the {@code internal} filter selects either internal or other tasks.
     */
    @Test
    public void internalTasksAreListedSeparately() {
        Task internal = insert(aTask().internal());
        Task ordinary = insert(aTask());

        assertThat(tasks(list(TaskFilter.DEFAULT, PageRequest.FIRST))).containsExactly(ordinary);
        assertThat(tasks(list(new ExpectedFilter().internal().build(), PageRequest.FIRST)))
                .containsExactly(internal);
    }

    /** docs/wire/tasks.md#d1: a repository name without a slash must match exactly. */
    @Test
    public void aShortRepositoryNameMatchesTheWholeNameInAnyOrganization() {
        Task acme = insert(aTask().withRepository("acme/mobile"));
        Task beta = insert(aTask().withRepository("beta/mobile"));
        insert(aTask().withRepository("acme/mobile-app"));
        insert(aTask().withRepository("mobile/acme"));
        insert(aTask().withRepository("acme/xmobile"));
        insert(aTask().withRepository(""));
        insert(aTask());

        assertThat(found(new ExpectedFilter().repository("mobile")))
                .containsExactlyInAnyOrder(acme, beta);
        assertThat(found(new ExpectedFilter().repository("acme/mobile"))).containsExactly(acme);
    }

    /** docs/wire/tasks.md#d1: the organization is the text before the slash. */
    @Test
    public void anOrganizationMatchesUpToTheSlash() {
        Task acme = insert(aTask().withRepository("acme/mobile"));
        insert(aTask().withRepository("acme-labs/mobile"));
        insert(aTask());

        assertThat(found(new ExpectedFilter().organization("acme"))).containsExactly(acme);
    }

    /** docs/wire/tasks.md#d1: wildcards of the storage engine are ordinary text in every filter. */
    @Test
    public void wildcardsAreMatchedLiterally() {
        Task percent = insert(aTask().withTitle("done 100% of it").withRepository("a%e/m_b"));
        Task underscore = insert(aTask().withTitle("snake_case").withRepository("acme/mob"));
        insert(aTask().withTitle("snakeXcase, 100 times").withRepository("acme/m.b"));
        Task backslash = insert(aTask().withDescription("C:\\temp"));

        assertThat(found(new ExpectedFilter().search("100%"))).containsExactly(percent);
        assertThat(found(new ExpectedFilter().search("E_C"))).containsExactly(underscore);
        assertThat(found(new ExpectedFilter().search("\\"))).containsExactly(backslash);
        assertThat(found(new ExpectedFilter().search("%"))).containsExactly(percent);
        assertThat(found(new ExpectedFilter().organization("a%e"))).containsExactly(percent);
        assertThat(found(new ExpectedFilter().organization("a__e"))).isEmpty();
        assertThat(found(new ExpectedFilter().repository("m_b"))).containsExactly(percent);
        assertThat(found(new ExpectedFilter().repository("acme/m_b"))).isEmpty();
        assertThat(found(new ExpectedFilter().stage("%"))).isEmpty();
        assertThat(found(new ExpectedFilter().origin("%"))).isEmpty();
    }

    /**
     * docs/wire/tasks.md#d1: a search matches title or description, ignoring case, or the task
     * number.
     */
    @Test
    public void aSearchFindsTextAndNumbers() {
        Task zero = insert(aTask().withTitle("Überholt: fix CART"));
        Task one = insert(aTask().withDescription("the cart, again"));
        Task two = insert(aTask().withTitle("number 1 of many"));

        assertThat(found(new ExpectedFilter().search("cArT"))).containsExactlyInAnyOrder(zero, one);
        assertThat(found(new ExpectedFilter().search("1"))).containsExactlyInAnyOrder(one, two);
        assertThat(found(new ExpectedFilter().search("tsk-1"))).containsExactly(one);
        assertThat(found(new ExpectedFilter().search("tsk-7"))).isEmpty();
        assertThat(found(new ExpectedFilter().search("überholt"))).containsExactly(zero);
    }

    /**
     * docs/wire/tasks.md#d1, docs/wire/guarantees.md#j18: a task is listed once if any of its runs
     * has exactly this stage.
     */
    @Test
    public void aStageOfAnyRunListsTheTaskOnce() {
        Task task = insert(aTask());
        insert(aRun(task).withStage("build").createdAt(clock.tick()));
        insert(aRun(task).withStage("build").createdAt(clock.tick()));
        insert(aRun(task).withStage("plan").createdAt(clock.tick()));
        insert(aRun(insert(aTask())).withStage("builder"));
        insert(aRun(insert(aTask())).withStage("Build"));
        insert(aTask());

        assertThat(list(new ExpectedFilter().stage("build").build(), PageRequest.FIRST).total())
                .isEqualTo(1);
        assertThat(found(new ExpectedFilter().stage("build"))).containsExactly(task);
    }

    /**
     * docs/wire/tasks.md#d1, #a9: the filter compares the status of the latest run; tasks without
     * runs never match.
     */
    @Test
    public void aStatusIsThatOfTheLatestRun() {
        Task failedLast = insert(aTask());
        insert(aRun(failedLast));
        StoredRun failing = insert(aRun(failedLast).createdAt(clock.tick()));
        end(failing, RunStatus.FAILED);
        Task failedFirst = insert(aTask());
        StoredRun failed = insert(aRun(failedFirst));
        end(failed, RunStatus.FAILED);
        insert(aRun(failedFirst).createdAt(clock.tick()));
        insert(aTask());

        assertThat(found(new ExpectedFilter().status(RunStatus.FAILED)))
                .containsExactly(failedLast);
        assertThat(found(new ExpectedFilter().status(RunStatus.NOT_STARTED)))
                .containsExactly(failedFirst);
    }

    /** docs/invariants.md#i9: filters see the current value of every property that they compare. */
    @Test
    public void filtersSeeUpdatedTasks() {
        Task task = insert(aTask().withRepository("acme/mobile").withTitle("old"));
        TaskDetails changed = aTask().withRepository("acme/api").withTitle("new").details();
        node.tasks().update(PROJECT, task.withDetails(changed, clock.tick()));

        assertThat(found(new ExpectedFilter().repository("mobile"))).isEmpty();
        assertThat(found(new ExpectedFilter().search("old"))).isEmpty();
        assertThat(ids(new ExpectedFilter().repository("api"))).containsExactly(task.id());
        assertThat(ids(new ExpectedFilter().repository("acme/api"))).containsExactly(task.id());
        assertThat(ids(new ExpectedFilter().search("new"))).containsExactly(task.id());
    }

    /** docs/invariants.md#i9: a task that becomes internal moves to the other list. */
    @Test
    public void listsSeeATaskBecomeInternal() {
        Task task = insert(aTask().withCreator(31));
        Task other = insert(aTask().withCreator(31).internal());
        node.tasks().update(PROJECT, task.withDetails(aTask().internal().details(), clock.tick()));

        assertThat(list(TaskFilter.DEFAULT, PageRequest.FIRST)).isEqualTo(emptyPageOf(0));
        assertThat(ids(new ExpectedFilter().internal()))
                .containsExactlyInAnyOrder(task.id(), other.id());
        assertThat(ids(new ExpectedFilter().internal().creator(31)))
                .containsExactlyInAnyOrder(task.id(), other.id());
        assertThat(ids(new ExpectedFilter().creator(31))).isEmpty();
    }

    /**
     * {@code listAfter}: unchanged tasks are returned exactly once while others are added and
     * deleted.
     */
    @Test
    public void aCursorWalkReturnsUnchangedTasksOnce() {
        List<Task> standing = new ArrayList<>();
        List<Task> going = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            standing.add(insert(aTask().createdAt(clock.tick())));
            going.add(insert(aTask().createdAt(clock.tick())));
        }

        List<Task> met = new ArrayList<>();
        Optional<TaskPosition> position = Optional.empty();
        List<TaskWithLatestRun> step;
        do {
            step = otherNode.tasks().listAfter(PROJECT, TaskFilter.DEFAULT, position, 3);
            met.addAll(tasks(step));
            position = Optional.of(TaskPosition.of(met.get(met.size() - 1)));
            insert(aTask().createdAt(clock.tick()));
            delete(going.remove(going.size() - 1));
            delete(going.remove(0));
            insert(aTask().createdAt(standing.get(0).createdAt().minusSeconds(1)));
        } while (step.size() == 3 && going.size() > 1);
        met.addAll(tasks(rest(TaskFilter.DEFAULT, position, 3)));

        assertThat(met).doesNotHaveDuplicates().containsAll(standing);
    }

    /** {@code listAfter}: the task at the given position may have been deleted. */
    @Test
    public void aCursorWalkContinuesAfterADeletedTask() {
        Task oldest = insert(aTask().createdAt(clock.tick()));
        Task deleted = insert(aTask().createdAt(clock.tick()));
        delete(deleted);

        assertThat(tasks(rest(TaskFilter.DEFAULT, Optional.of(TaskPosition.of(deleted)), 5)))
                .containsExactly(oldest);
    }

    /**
     * docs/wire/tasks.md#d1, docs/invariants.md#i9: every filter alone, every pair and many
     * combinations, on every page.
     */
    @Test
    public void filtersAloneAndCombinedMatchTheModel() {
        List<TaskWithLatestRun> everything = populate(new Random(20_260_506));
        Map<TaskId, List<Run>> runs = new HashMap<>();
        for (TaskWithLatestRun row : everything) {
            TaskId id = row.task().id();
            runs.put(id, node.runs().list(PROJECT, id, PageRequest.FIRST).items());
        }
        for (ExpectedFilter filter : filters(new Random(7))) {
            List<TaskWithLatestRun> expected =
                    everything.stream().filter(row -> filter.accepts(row, runs)).toList();

            assertThat(walk(filter.build(), PAGE)).as("%s, walked", filter).isEqualTo(expected);
            int pages = expected.size() / PAGE + 1;
            for (int offset : List.of(0, 1, PAGE, pages / 2 * PAGE, pages * PAGE)) {
                List<TaskWithLatestRun> page = expected.stream().skip(offset).limit(PAGE).toList();
                assertThat(list(filter.build(), PageRequest.of(PAGE, offset)))
                        .as("%s, from %d", filter, offset)
                        .isEqualTo(new Page<>(page, expected.size()));
            }
        }
    }

    /**
     * Inserts many different tasks with runs, deletes some, and returns the remaining ones in
     * order.
     */
    private List<TaskWithLatestRun> populate(Random random) {
        for (int i = 0; i < 150; i++) {
            Task task = insert(anyTask(random));
            for (int runs = random.nextInt(4); runs > 0; runs--) {
                StoredRun run = insert(anyRun(task, random));
                if (random.nextBoolean()) {
                    end(run, SampleValues.any(SampleValues.ENDS, random));
                }
            }
            if (random.nextInt(12) == 0) {
                delete(task);
            }
        }
        List<TaskWithLatestRun> everything = new ArrayList<>(walk(TaskFilter.DEFAULT, PAGE));
        everything.addAll(walk(new ExpectedFilter().internal().build(), PAGE));
        everything.sort(
                (one, other) ->
                        TaskPosition.NEWEST_FIRST.compare(
                                TaskPosition.of(one.task()), TaskPosition.of(other.task())));
        assertThat(everything).hasSizeGreaterThan(100);
        return everything;
    }

    private TestTasks anyTask(Random random) {
        TestTasks task =
                aTask().createdAt(random.nextInt(3) == 0 ? clock.instant() : clock.tick())
                        .withTitle(SampleValues.any(SampleValues.TEXTS, random))
                        .withDescription(SampleValues.any(SampleValues.TEXTS, random))
                        .withOrigin(
                                SampleValues.any(Arrays.asList(OriginProduct.values()), random));
        String repository = SampleValues.any(SampleValues.REPOSITORIES, random);
        long creator = random.nextInt(3);
        task = repository.equals("none") ? task : task.withRepository(repository);
        task = creator == 0 ? task : task.withCreator(creator);
        return random.nextInt(4) == 0 ? task.internal() : task;
    }

    private TestRuns anyRun(Task task, Random random) {
        TestRuns run = aRun(task).createdAt(random.nextBoolean() ? clock.instant() : clock.tick());
        run = random.nextBoolean() ? run.queuedAt(clock.instant()) : run;
        return random.nextInt(3) == 0
                ? run
                : run.withStage(SampleValues.any(SampleValues.STAGES, random));
    }

    private static List<ExpectedFilter> filters(Random random) {
        List<ExpectedFilter> filters = new ArrayList<>();
        filters.add(new ExpectedFilter());
        for (ExpectedFilter.Kind one : ExpectedFilter.Kind.values()) {
            for (int sample = 0; sample < 4; sample++) {
                filters.add(new ExpectedFilter().with(one, random));
            }
            for (ExpectedFilter.Kind other : ExpectedFilter.Kind.values()) {
                filters.add(new ExpectedFilter().with(one, random).with(other, random));
            }
        }
        for (int i = 0; i < RANDOM_FILTERS; i++) {
            ExpectedFilter filter = new ExpectedFilter();
            for (ExpectedFilter.Kind kind : ExpectedFilter.Kind.values()) {
                filter = random.nextInt(3) == 0 ? filter.with(kind, random) : filter;
            }
            filters.add(filter);
        }
        return filters;
    }

    private Page<TaskWithLatestRun> list(TaskFilter filter, PageRequest page) {
        return node.tasks().list(PROJECT, filter, page);
    }

    private List<TaskWithLatestRun> walk(TaskFilter filter, int limit) {
        return rest(filter, Optional.empty(), limit);
    }

    private List<TaskWithLatestRun> rest(
            TaskFilter filter, Optional<TaskPosition> from, int limit) {
        List<TaskWithLatestRun> rows = new ArrayList<>();
        Optional<TaskPosition> position = from;
        while (true) {
            List<TaskWithLatestRun> step = node.tasks().listAfter(PROJECT, filter, position, limit);
            rows.addAll(step);
            if (step.size() < limit) {
                return rows;
            }
            position = Optional.of(TaskPosition.of(step.get(step.size() - 1).task()));
        }
    }

    private List<Task> found(ExpectedFilter filter) {
        Page<TaskWithLatestRun> page = list(filter.build(), PageRequest.FIRST);
        assertThat(page.total()).isEqualTo(page.items().size());
        return tasks(page);
    }

    private List<TaskId> ids(ExpectedFilter filter) {
        return found(filter).stream().map(Task::id).toList();
    }

    private static List<Task> tasks(Page<TaskWithLatestRun> page) {
        return tasks(page.items());
    }

    private static List<Task> tasks(List<TaskWithLatestRun> rows) {
        return rows.stream().map(TaskWithLatestRun::task).toList();
    }

    private static Page<TaskWithLatestRun> emptyPageOf(long total) {
        return new Page<>(List.of(), total);
    }

    @Test
    void archivedTasksAreListedOnRequest() {
        Task plain = insert(aTask());
        Task archived = insert(aTask().archived());
        Task internal = insert(aTask().internal());
        Task both = insert(aTask().internal().archived());

        assertThat(idsOf(Inclusion.EXCLUDE, Inclusion.EXCLUDE))
                .containsExactlyInAnyOrder(plain.id());
        assertThat(idsOf(Inclusion.EXCLUDE, Inclusion.ONLY))
                .containsExactlyInAnyOrder(archived.id());
        assertThat(idsOf(Inclusion.EXCLUDE, Inclusion.ALL))
                .containsExactlyInAnyOrder(plain.id(), archived.id());
        assertThat(idsOf(Inclusion.ONLY, Inclusion.EXCLUDE))
                .containsExactlyInAnyOrder(internal.id());
        assertThat(idsOf(Inclusion.ONLY, Inclusion.ONLY)).containsExactlyInAnyOrder(both.id());
        assertThat(idsOf(Inclusion.ALL, Inclusion.EXCLUDE))
                .containsExactlyInAnyOrder(plain.id(), internal.id());
        assertThat(idsOf(Inclusion.ALL, Inclusion.ALL))
                .containsExactlyInAnyOrder(plain.id(), archived.id(), internal.id(), both.id());
    }

    private List<TaskId> idsOf(Inclusion internal, Inclusion archived) {
        Optional<String> none = Optional.empty();
        TaskFilter filter =
                new TaskFilter(
                        internal,
                        archived,
                        Optional.empty(),
                        none,
                        none,
                        none,
                        Optional.empty(),
                        Optional.empty(),
                        none,
                        Optional.empty());
        return list(filter, PageRequest.FIRST).items().stream().map(it -> it.task().id()).toList();
    }

    @Test
    void anOriginCanBeExcluded() {
        insert(aTask().withOrigin(OriginProduct.SLACK));
        Task other = insert(aTask().withOrigin(OriginProduct.USER_CREATED));
        Optional<String> none = Optional.empty();
        TaskFilter filter =
                new TaskFilter(
                        Inclusion.EXCLUDE,
                        Inclusion.EXCLUDE,
                        Optional.empty(),
                        none,
                        none,
                        Optional.of("slack"),
                        Optional.empty(),
                        Optional.empty(),
                        none,
                        Optional.empty());

        assertThat(list(filter, PageRequest.FIRST).items())
                .extracting(it -> it.task().id())
                .containsExactly(other.id());
    }
}
