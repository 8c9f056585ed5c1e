package dev.errand.benchmarks.durable;

import dev.errand.spi.UserId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.RepositoryMatch;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.store.TaskSearch;
import dev.errand.task.TaskFilterTexts;
import java.util.List;
import java.util.Optional;

/**
 * A list, as requested from Errand and as a hand-written statement.
 *
 * @param name the name of the list
 * @param filter the filter (docs/wire/tasks.md#d1)
 * @param deep whether the page begins after half of all tasks instead of at the newest
 * @param byHand the hand-written condition, besides project, deletion and {@code internal}
 * @param parameters the parameters of the condition
 */
record ListCase(
        String name, TaskFilter filter, boolean deep, String byHand, List<Object> parameters) {

    private static final String STAGE =
            "exists (select 1 from errand_run s where s.project_id = t.project_id"
                    + " and s.task_id = t.id and s.stage = ?"
                    + " and s.task_created_at = t.created_at)";

    private static final String STATUS =
            "exists (select 1 from errand_run s where s.project_id = t.project_id"
                    + " and s.task_id = t.id and s.latest and s.status = ?"
                    + " and s.task_created_at = t.created_at)";

    static List<ListCase> all() {
        return List.of(
                of("no filter", new FilterBuilder(), ""),
                of("`created_by`, 17 %", new FilterBuilder().creator(1), "created_by = ?", 1L),
                of("`created_by`, 0.2 %", new FilterBuilder().creator(120), "created_by = ?", 120L),
                of("`internal`, 5 %", new FilterBuilder().internal(), ""),
                of(
                        "`organization`, 28 %",
                        new FilterBuilder().organization("org-0"),
                        "repo_organization = ?",
                        "org-0"),
                of(
                        "`origin_product`, 10 %",
                        new FilterBuilder().origin("slack"), "origin_product = ?", "slack"),
                of(
                        "`repository` in full, 0.2 %",
                        new FilterBuilder().repository("org-3/service-7"),
                        "repo_name = ? and t.repository = ?",
                        "service-7",
                        "org-3/service-7"),
                of(
                        "`repository` by its name, 2 %",
                        new FilterBuilder().repository("service-7"), "repo_name = ?", "service-7"),
                of("`stage`, 20 %", new FilterBuilder().stage("review"), STAGE, "review"),
                of("`stage`, 3 %", new FilterBuilder().stage("deploy"), STAGE, "deploy"),
                of(
                        "`status`, 68 %",
                        new FilterBuilder().status(RunStatus.COMPLETED), STATUS, "completed"),
                of("`status`, 3 %", new FilterBuilder().status(RunStatus.QUEUED), STATUS, "queued"),
                of(
                        "`search`, 1 %",
                        new FilterBuilder().search(SampleRows.SEARCHED),
                        "search_text like ?",
                        "%" + SampleRows.SEARCHED + "%"),
                of(
                        "all of them, 0.07 %",
                        new FilterBuilder()
                                .creator(1)
                                .organization("org-0")
                                .origin("user_created")
                                .repository("service-0")
                                .stage("build")
                                .status(RunStatus.COMPLETED)
                                .search("cart"),
                        "created_by = ? and t.repo_organization = ? and t.origin_product = ?"
                                + " and t.repo_name = ? and t.search_text like ? and "
                                + STAGE
                                + " and "
                                + STATUS,
                        1L,
                        "org-0",
                        "user_created",
                        "service-0",
                        "%cart%",
                        "build",
                        "completed"),
                of("no filter, from the middle on", new FilterBuilder(), "").fromTheMiddle(),
                of(
                                "`status`, 3 %, from the middle on",
                                new FilterBuilder().status(RunStatus.QUEUED), STATUS, "queued")
                        .fromTheMiddle());
    }

    private static ListCase of(
            String name, FilterBuilder asked, String byHand, Object... parameters) {
        String condition = byHand.isEmpty() || byHand.startsWith("exists") ? byHand : "t." + byHand;
        return new ListCase(name, asked.filter(), false, condition, List.of(parameters));
    }

    private ListCase fromTheMiddle() {
        return new ListCase(name, filter, true, byHand, parameters);
    }

    boolean isForStageAlone() {
        return byHand.equals(STAGE);
    }

    boolean isForStatusAlone() {
        return byHand.equals(STATUS);
    }

    boolean searches() {
        return filter.search().isPresent();
    }

    /** Returns a file name. */
    String slug() {
        return name.replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    }

    /** Builder for a {@link TaskFilter}. */
    private static final class FilterBuilder {
        private boolean internal;
        private Optional<UserId> creator = Optional.empty();
        private Optional<String> organization = Optional.empty();
        private Optional<String> origin = Optional.empty();
        private Optional<RepositoryMatch> repository = Optional.empty();
        private Optional<TaskSearch> search = Optional.empty();
        private Optional<String> stage = Optional.empty();
        private Optional<RunStatus> status = Optional.empty();

        TaskFilter filter() {
            return new TaskFilter(
                    internal, creator, organization, origin, repository, search, stage, status);
        }

        FilterBuilder internal() {
            internal = true;
            return this;
        }

        FilterBuilder creator(long user) {
            creator = Optional.of(UserId.of(user));
            return this;
        }

        FilterBuilder organization(String name) {
            organization = Optional.of(name);
            return this;
        }

        FilterBuilder origin(String name) {
            origin = Optional.of(name);
            return this;
        }

        FilterBuilder repository(String query) {
            repository = TaskFilterTexts.repository(query);
            return this;
        }

        FilterBuilder search(String query) {
            search = TaskFilterTexts.search(query);
            return this;
        }

        FilterBuilder stage(String name) {
            stage = Optional.of(name);
            return this;
        }

        FilterBuilder status(RunStatus wanted) {
            status = Optional.of(wanted);
            return this;
        }
    }
}
