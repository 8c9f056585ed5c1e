package dev.errand.jdbc;

import dev.errand.spi.BackendException;
import java.util.Optional;

/** Looks whether the tables have the version that this release needs. */
final class Schema {

    /** The newest migration of this release. */
    static final int VERSION = 3;

    private static final String LOCATION = "META-INF/errand/";

    private Schema() {}

    /** Refuses a database without the tables of this release, or one that cannot be written. */
    static void validate(Database database) {
        String port = "JdbcBackend";
        boolean readOnly =
                database.read(
                        port,
                        session ->
                                session.statement(database.dialect().readOnlyCheck())
                                        .findOne(ResultRow::flag)
                                        .orElseThrow());
        if (readOnly) {
            throw BackendException.permanent(
                    port,
                    "the database is read-only, perhaps a replica; Errand needs the primary",
                    null);
        }
        long found = findVersion(database, port);
        if (found < VERSION) {
            throw BackendException.permanent(
                    port,
                    "the tables lack schema version "
                            + (found + 1)
                            + "; run the migrations in "
                            + location(database.dialect())
                            + ", or let Errand run them: migrate(), errand-server --migrate",
                    null);
        }
    }

    private static long findVersion(Database database, String port) {
        try {
            return database.<Optional<Long>>read(
                            port,
                            session ->
                                    session.statement(
                                                    database.sql(
                                                            """
                                                            select max(version)
                                                            from errand_schema_version"""))
                                            .findOne(ResultRow::optionalNumber)
                                            .orElseThrow())
                    .orElse(0L);
        } catch (BackendException e) {
            if (e.isRetryable()) {
                throw e;
            }
            return 0;
        }
    }

    /** Where the migrations of a database are. */
    static String location(Dialect dialect) {
        return LOCATION + dialect.folder();
    }
}
