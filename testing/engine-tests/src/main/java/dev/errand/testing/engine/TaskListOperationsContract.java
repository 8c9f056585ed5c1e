package dev.errand.testing.engine;

import static dev.errand.testing.engine.TestEngine.ACME;
import static dev.errand.testing.engine.TestEngine.OMAR;
import static dev.errand.testing.engine.TestEngine.filter;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.store.TaskPosition;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.TaskId;
import dev.errand.task.CreateTaskRequest;
import dev.errand.task.TaskFilterTexts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Listing tasks: filters, order and pages (docs/wire/conventions.md#d0, docs/wire/tasks.md#d1;
 * docs/invariants.md#i9).
 */
public abstract class TaskListOperationsContract extends EngineContract {

    @Test
    void listReturnsTheDocumentedPage() {
        TaskId task = engine.task();
        engine.queuedRun(task);

        JsonNode page = rosa.listTasks(TaskFilter.DEFAULT, PageRequest.FIRST);

        assertThat(page)
                .hasToString(
                        "{\"count\":1,\"next\":null,\"previous\":null,\"results\":["
                                + rosa.getTask(task)
                                + "]}");
    }

    @Test
    void tasksAreListedNewestFirstThenByGreaterId() {
        List<TaskId> ids = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            ids.add(WireClient.taskId(rosa.createTask("{}")));
        }
        ids.sort(null);
        ids.add(engine.task());
        ids.add(engine.task());

        assertThat(listed(TaskFilter.DEFAULT))
                .containsExactly(
                        ids.get(5), ids.get(4), ids.get(3), ids.get(2), ids.get(1), ids.get(0));
    }

    @Test
    void pagesOfAnySizeReturnEachTaskOnce() {
        for (int i = 0; i < 7; i++) {
            engine.task();
        }
        List<TaskId> whole = listed(TaskFilter.DEFAULT);

        for (int limit = 1; limit <= 8; limit++) {
            List<TaskId> walked = new ArrayList<>();
            for (int offset = 0; offset < 7; offset += limit) {
                Page<TaskWithLatestRun> page =
                        engine.rosas()
                                .tasks()
                                .list(TaskFilter.DEFAULT, PageRequest.of(limit, offset));
                assertThat(page.total()).isEqualTo(7);
                page.items().forEach(item -> walked.add(item.task().id()));
            }
            assertThat(walked).isEqualTo(whole);
            assertThat(walk(limit)).isEqualTo(whole);
        }
    }

    @Test
    void aPageBeyondTheEndIsEmpty() {
        engine.task();

        Page<TaskWithLatestRun> page =
                engine.rosas().tasks().list(TaskFilter.DEFAULT, PageRequest.of(10, 5));

        assertThat(page.items()).isEmpty();
        assertThat(page.total()).isEqualTo(1);
    }

    @Test
    void listAgreesWithGet() {
        for (RunStatus status : RunStatus.values()) {
            engine.runIn(engine.task(), status);
        }

        for (TaskWithLatestRun listed :
                engine.rosas().tasks().list(TaskFilter.DEFAULT, PageRequest.FIRST).items()) {
            assertThat(engine.rosas().tasks().get(listed.task().id())).isEqualTo(listed);
        }
    }

    @Test
    void internalTasksAreListedSeparately() {
        TaskId ordinary = engine.task();
        TaskId internal = engine.task(CreateTaskRequest.builder().internal(true).build());

        assertThat(listed(filter(false))).containsExactly(ordinary);
        assertThat(listed(filter(true))).containsExactly(internal);

        rosa.updateTask(ordinary, "{\"internal\":true}");
        assertThat(listed(filter(false))).isEmpty();
        assertThat(listed(filter(true))).containsExactly(internal, ordinary);
    }

    @Test
    void tasksOfOtherProjectsAreNotListed() {
        engine.others().tasks().create(CreateTaskRequest.builder().build());

        assertThat(listed(TaskFilter.DEFAULT)).isEmpty();
        assertThat(walk(10)).isEmpty();
        assertThat(engine.allTasks(ACME)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    posthog           | 1
                    POSTHOG           | 1
                    posthog/posthog   | 1
                    PostHog/posthog-js | 2
                    posthog-js        | 2
                    hog               |
                    post%             |
                    p_sthog           |
                    """)
    void aRepositoryIsMatchedWholeOrByItsName(String query, Integer number) {
        rosa.createTask("{}");
        rosa.createTask("{\"repository\":\"PostHog/posthog\"}");
        rosa.createTask("{\"repository\":\"posthog/posthog-js\"}");

        assertThat(numbers(with(query, null, null)))
                .isEqualTo(number == null ? List.of() : List.of(number));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    CRASH    | 1,0
                    empty    | 0
                    AMA-1    | 1
                    x-2      | 2
                    2        | 2
                    %        |
                    0-       |
                    99999999999999999999 |
                    """)
    void searchMatchesTitleDescriptionAndNumber(String query, String numbers) {
        rosa.createTask("{\"title\":\"Cart crash\",\"description\":\"when it is empty\"}");
        rosa.createTask("{\"title\":\"Another\",\"description\":\"crashes too\"}");
        rosa.createTask("{\"title\":\"Slow list\"}");

        assertThat(numbers(with(null, query, null)).stream().map(String::valueOf).sorted())
                .isEqualTo(
                        numbers == null
                                ? List.of()
                                : List.of(numbers.split(",")).stream().sorted().toList());
    }

    @Test
    void theStatusFilterMatchesTheLatestRun() {
        TaskId task = engine.task();
        engine.task();
        engine.runIn(task, RunStatus.FAILED);
        engine.runIn(task, RunStatus.QUEUED);

        assertThat(listed(with(null, null, RunStatus.QUEUED))).containsExactly(task);
        assertThat(listed(with(null, null, RunStatus.FAILED))).isEmpty();
    }

    @Test
    void aStageOfAnyRunListsItsTaskOnce() {
        TaskId task = engine.task();
        for (int i = 0; i < 3; i++) {
            rosa.updateRun(task, engine.queuedRun(task), "{\"stage\":\"build\"}");
        }
        engine.queuedRun(task);
        TaskFilter build =
                new TaskFilter(
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("build"),
                        Optional.empty());

        Page<TaskWithLatestRun> page = engine.rosas().tasks().list(build, PageRequest.FIRST);

        assertThat(page.items()).extracting(it -> it.task().id()).containsExactly(task);
        assertThat(page.total()).isEqualTo(1);
    }

    @Test
    void creatorOrganizationAndOriginFilterTheList() {
        TaskId omars =
                engine.omars()
                        .tasks()
                        .create(
                                WireClient.body(
                                        CreateTaskRequest.class,
                                        "{\"repository\":\"acme/api\",\"origin_product\":\"slack\"}"))
                        .task()
                        .id();
        engine.task();

        assertThat(listed(of(Optional.of("acme"), Optional.of("slack")))).containsExactly(omars);
        assertThat(listed(of(Optional.of("acm"), Optional.empty()))).isEmpty();
        assertThat(listed(of(Optional.empty(), Optional.of("mars")))).isEmpty();
    }

    private static TaskFilter of(Optional<String> organization, Optional<String> origin) {
        return new TaskFilter(
                false,
                Optional.of(OMAR),
                organization,
                origin,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static TaskFilter with(String repository, String search, RunStatus status) {
        return new TaskFilter(
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.ofNullable(repository).flatMap(TaskFilterTexts::repository),
                Optional.ofNullable(search).flatMap(TaskFilterTexts::search),
                Optional.empty(),
                Optional.ofNullable(status));
    }

    private List<TaskId> listed(TaskFilter filter) {
        return engine.rosas().tasks().list(filter, PageRequest.FIRST).items().stream()
                .map(item -> item.task().id())
                .toList();
    }

    private List<Integer> numbers(TaskFilter filter) {
        return engine.rosas().tasks().list(filter, PageRequest.FIRST).items().stream()
                .map(item -> (int) item.task().number())
                .toList();
    }

    private List<TaskId> walk(int limit) {
        List<TaskId> walked = new ArrayList<>();
        Optional<TaskPosition> after = Optional.empty();
        List<TaskWithLatestRun> step;
        do {
            step = engine.rosas().tasks().listAfter(TaskFilter.DEFAULT, after, limit);
            step.forEach(item -> walked.add(item.task().id()));
            if (!step.isEmpty()) {
                after = Optional.of(TaskPosition.of(step.get(step.size() - 1).task()));
            }
        } while (step.size() == limit);
        return walked;
    }
}
