package dev.errand.jdbc;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** Runs the schema migrations with Flyway. This is the only class that uses Flyway. */
final class Migrations {

    private Migrations() {}

    /** Runs the missing migrations. Flyway records them in the table {@code errand_migration}. */
    static void run(DataSource dataSource, Dialect dialect, boolean trigram) {
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
                .table("errand_migration")
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load()
                .migrate();
    }
}
