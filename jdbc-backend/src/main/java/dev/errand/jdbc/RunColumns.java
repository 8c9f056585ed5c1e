package dev.errand.jdbc;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.spi.JsonText;
import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.task.TaskId;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Maps runs to and from the columns of their rows. {@link QueueColumns} maps their entries. */
final class RunColumns {

    private static final Map<String, EndReason> END_REASONS = EnumText.index(EndReason.values());

    private RunColumns() {}

    /** Returns the run of a row of an outer join, or empty if there is none. */
    static Optional<Run> readOptional(ProjectId project, Row row) throws SQLException {
        return row.optionalId("id").isEmpty() ? Optional.empty() : Optional.of(read(project, row));
    }

    static Run read(ProjectId project, Row row) throws SQLException {
        return new Run(
                project,
                TaskId.of(row.id("task_id")),
                RunId.of(row.id("id")),
                row.number("version"),
                EnumText.parseWire(row.text("status"), RunStatus::fromWire),
                EnumText.parseWire(row.text("environment"), RunEnvironment::fromWire),
                row.optionalText("stage"),
                row.optionalText("branch"),
                row.optionalText("error_message"),
                row.optionalJson("output"),
                JsonText.of(row.text("state")),
                readArtifacts(row),
                row.integer("attempt"),
                row.optionalText("end_reason").map(text -> EnumText.parse(text, END_REASONS)),
                row.time("created_at"),
                row.time("updated_at"),
                row.optionalTime("completed_at"));
    }

    private static List<Artifact> readArtifacts(Row row) throws SQLException {
        Optional<String> manifest = row.optionalText("artifacts");
        return manifest.isEmpty() ? List.of() : ArtifactColumns.readManifest(manifest.get());
    }

    /**
     * Binds the columns that a change can write: version, status, environment, stage, branch,
     * error_message, output, state, artifacts, attempt, end_reason, updated_at, completed_at.
     */
    static <P extends ParameterBinder<P>> P bind(P binder, Run run) throws SQLException {
        return binder.number(run.version())
                .text(run.status().wire())
                .text(run.environment().wire())
                .text(run.stage())
                .text(run.branch())
                .text(run.errorMessage())
                .json(run.output())
                .text(run.state().text())
                .text(ArtifactColumns.toManifest(run.artifacts()))
                .number(run.attempt())
                .text(run.endReason().map(EnumText::of))
                .time(run.updatedAt())
                .time(run.completedAt());
    }

    /** Returns a JSON object from which {@link #read} reads the run. */
    static ObjectNode toJson(Run run) {
        ObjectNode json =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("id", run.id().toString())
                        .put("task_id", run.task().toString())
                        .put("version", run.version())
                        .put("status", run.status().wire())
                        .put("environment", run.environment().wire());
        run.stage().ifPresent(stage -> json.put("stage", stage));
        run.branch().ifPresent(branch -> json.put("branch", branch));
        run.errorMessage().ifPresent(message -> json.put("error_message", message));
        run.output().map(JsonText::text).ifPresent(output -> json.put("output", output));
        json.put("state", run.state().text());
        if (!run.artifacts().isEmpty()) {
            json.set("artifacts", ArtifactColumns.toJson(run.artifacts()));
        }
        json.put("attempt", run.attempt());
        run.endReason().map(EnumText::of).ifPresent(reason -> json.put("end_reason", reason));
        json.put("created_at", run.createdAt().toString())
                .put("updated_at", run.updatedAt().toString());
        run.completedAt().map(Instant::toString).ifPresent(end -> json.put("completed_at", end));
        return json;
    }
}
