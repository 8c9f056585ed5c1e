package dev.errand.jdbc;

import dev.errand.spi.PortException;
import java.util.Optional;

/** Checks that the database has the schema version that this release needs. */
final class Schema {

    /** The newest schema version of this release. */
    static final int VERSION = 1;

    private static final String LOCATION = "META-INF/errand/";

    private Schema() {}

    /**
     * Checks the schema version.
     *
     * @throws PortException if a version is missing, or is of a newer release
     */
    static void validate(Database database) {
        String port = "JdbcBackend";
        long found = findVersion(database, port);
        if (found < VERSION) {
            throw PortException.permanent(
                    port,
                    "the database lacks schema version "
                            + (found + 1)
                            + "; run the migrations in "
                            + location(database.dialect())
                            + ", or call JdbcBackend.Builder.migrate() or start errand-server with --migrate");
        }
        if (found > VERSION) {
            throw PortException.permanent(
                    port,
                    "the database has schema version "
                            + found
                            + ", but this release knows version "
                            + VERSION
                            + " at most; start the release that migrated the database, or a later one");
        }
    }

    private static long findVersion(Database database, String port) {
        try {
            return database.<Optional<Long>>read(
                            port,
                            session ->
                                    session.statement(
                                                    """
                                                    select max(version) as version
                                                    from errand_schema_version""")
                                            .findOne(row -> row.optionalNumber("version"))
                                            .orElseThrow())
                    .orElse(0L);
        } catch (PortException e) {
            if (e.isRetryable()) {
                throw e;
            }
            return 0;
        }
    }

    /** Returns the folder of the migrations of a database. */
    static String location(Dialect dialect) {
        return LOCATION + dialect.folder();
    }
}
