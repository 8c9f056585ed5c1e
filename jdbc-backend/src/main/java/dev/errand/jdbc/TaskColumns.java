package dev.errand.jdbc;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.spi.JsonText;
import dev.errand.spi.ProjectId;
import dev.errand.spi.UserId;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.OriginProduct;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskDetails;
import dev.errand.spi.task.TaskId;
import dev.errand.spi.task.TaskRuntime;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** Maps tasks to and from the columns of their rows. */
final class TaskColumns {

    /** Separates title and description in the search text. Lower-case text never contains it. */
    private static final char SEARCH_SEPARATOR = 'A';

    private TaskColumns() {}

    /** Returns the task of a row whose columns of the latest run begin with {@code run_}. */
    static TaskWithLatestRun readWithRun(ProjectId project, ResultRow row) throws SQLException {
        return new TaskWithLatestRun(
                read(project, row), RunColumns.readOptional(project, row.prefixed("run_")));
    }

    static Task read(ProjectId project, Row row) throws SQLException {
        return new Task(
                project,
                TaskId.of(row.id("id")),
                row.number("task_number"),
                row.number("version"),
                new TaskDetails(
                        row.text("title"),
                        row.flag("title_manually_set"),
                        row.text("description"),
                        EnumText.parseWire(row.text("origin_product"), OriginProduct::fromWire),
                        row.optionalText("repository"),
                        row.optionalNumber("github_integration"),
                        row.optionalId("github_user_integration"),
                        row.optionalId("signal_report"),
                        row.optionalJson("json_schema"),
                        row.flag("internal"),
                        row.optionalText("ci_prompt"),
                        row.optionalTime("archived_at"),
                        readList(row.optionalText("further_repositories")),
                        EnumText.parseWire(row.text("runtime"), TaskRuntime::fromWire)),
                row.optionalNumber("created_by").map(UserId::of),
                row.time("created_at"),
                row.time("updated_at"),
                row.optionalTime("deleted_at"));
    }

    /**
     * Binds the columns that a change can write: title, title_manually_set, description,
     * origin_product, repository, github_integration, github_user_integration, signal_report,
     * json_schema, internal, archived_at, further_repositories, runtime, ci_prompt, search_text.
     */
    static <P extends ParameterBinder<P>> P bindDetails(P binder, TaskDetails details)
            throws SQLException {
        return binder.text(details.title())
                .flag(details.titleManuallySet())
                .text(details.description())
                .text(details.originProduct().wire())
                .text(details.repository())
                .number(details.githubIntegration())
                .id(details.githubUserIntegration())
                .id(details.signalReport())
                .json(details.jsonSchema())
                .flag(details.internal())
                .time(details.archivedAt())
                .text(list(details.furtherRepositories()))
                .text(details.runtime().wire())
                .text(details.ciPrompt())
                .text(searchText(details));
    }

    /** Returns a list as JSON, or empty if it has no elements. */
    private static Optional<String> list(List<String> texts) {
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        texts.forEach(json::add);
        return texts.isEmpty() ? Optional.empty() : Optional.of(json.toString());
    }

    /** Reads a list; it has no elements if it is not stored. */
    static List<String> readList(Optional<String> json) {
        List<String> texts = new ArrayList<>();
        json.ifPresent(list -> JsonRow.parse(list).forEach(text -> texts.add(text.asText())));
        return texts;
    }

    /**
     * Returns the text that the search filter matches. Case is folded here, because the locale of
     * the database may only fold ASCII.
     */
    private static String searchText(TaskDetails details) {
        return details.title().toLowerCase(Locale.ROOT)
                + SEARCH_SEPARATOR
                + details.description().toLowerCase(Locale.ROOT);
    }

    /** Returns the text of a task with its latest run, as {@link #readWithRun} reads it. */
    static String toJson(TaskWithLatestRun task) {
        ObjectNode json = toJson(task.task());
        task.latestRun().ifPresent(run -> json.set("latest_run", RunColumns.toJson(run)));
        return json.toString();
    }

    /** Reads the text of a task with its latest run. */
    static TaskWithLatestRun readJson(ProjectId project, String json) throws SQLException {
        JsonRow row = new JsonRow(JsonRow.parse(json));
        JsonRow run = new JsonRow(row.object().path("latest_run"));
        return new TaskWithLatestRun(read(project, row), RunColumns.readOptional(project, run));
    }

    private static ObjectNode toJson(Task task) {
        TaskDetails details = task.details();
        ObjectNode json =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("id", task.id().toString())
                        .put("task_number", task.number())
                        .put("version", task.version())
                        .put("title", details.title())
                        .put("title_manually_set", details.titleManuallySet())
                        .put("description", details.description())
                        .put("origin_product", details.originProduct().wire());
        details.repository().ifPresent(repository -> json.put("repository", repository));
        details.githubIntegration().ifPresent(id -> json.put("github_integration", id));
        details.githubUserIntegration()
                .map(UUID::toString)
                .ifPresent(id -> json.put("github_user_integration", id));
        details.signalReport().map(UUID::toString).ifPresent(id -> json.put("signal_report", id));
        details.jsonSchema()
                .map(JsonText::text)
                .ifPresent(schema -> json.put("json_schema", schema));
        json.put("internal", details.internal());
        details.archivedAt().map(Instant::toString).ifPresent(at -> json.put("archived_at", at));
        list(details.furtherRepositories())
                .ifPresent(list -> json.put("further_repositories", list));
        json.put("runtime", details.runtime().wire());
        details.ciPrompt().ifPresent(prompt -> json.put("ci_prompt", prompt));
        task.createdBy().map(UserId::value).ifPresent(user -> json.put("created_by", user));
        json.put("created_at", task.createdAt().toString())
                .put("updated_at", task.updatedAt().toString());
        task.deletedAt().map(Instant::toString).ifPresent(time -> json.put("deleted_at", time));
        return json;
    }
}
