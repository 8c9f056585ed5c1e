package dev.errand.jdbc;

import dev.errand.spi.JsonText;
import dev.errand.spi.ProjectId;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Binds parameter values in the order of the statement: to one statement ({@link SqlStatement}) or
 * to a row of a batch ({@link RowBatch}).
 *
 * @param <P> the implementing type
 */
interface ParameterBinder<P extends ParameterBinder<P>> {

    P number(long number) throws SQLException;

    P number(Optional<Long> number) throws SQLException;

    P id(UUID id) throws SQLException;

    P id(Optional<UUID> id) throws SQLException;

    P text(String text) throws SQLException;

    P text(Optional<String> text) throws SQLException;

    P flag(boolean flag) throws SQLException;

    P time(Instant time) throws SQLException;

    P time(Optional<Instant> time) throws SQLException;

    /** Binds null to the next parameters. */
    P nulls(int count) throws SQLException;

    default P project(ProjectId project) throws SQLException {
        return number(project.value());
    }

    default P json(Optional<JsonText> json) throws SQLException {
        return text(json.map(JsonText::text));
    }
}
