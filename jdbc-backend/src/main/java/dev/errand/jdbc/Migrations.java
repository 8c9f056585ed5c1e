package dev.errand.jdbc;

import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** Brings the tables to the version that this release needs; the only type that needs Flyway. */
final class Migrations {

    private Migrations() {}

    /** Runs the migrations that are missing, with Flyway on a history table of its own. */
    static void run(DataSource dataSource, Dialect dialect, String prefix, boolean trigram) {
        String[] locations =
                trigram && dialect == Dialect.POSTGRESQL
                        ? new String[] {
                            "classpath:" + Schema.location(dialect),
                            "classpath:" + Schema.location(dialect) + "-trigram"
                        }
                        : new String[] {"classpath:" + Schema.location(dialect)};
        Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(dataSource)
                .locations(locations)
                .placeholders(Map.of("prefix", prefix))
                .table(prefix + "migration")
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load()
                .migrate();
    }
}
