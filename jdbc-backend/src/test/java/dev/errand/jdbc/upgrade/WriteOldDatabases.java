package dev.errand.jdbc.upgrade;

import com.zaxxer.hikari.HikariDataSource;
import dev.errand.jdbc.JdbcBackend;
import dev.errand.jdbc.database.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import javax.sql.DataSource;

/**
 * Writes the sample data with the newest schema version, for the upgrade tests of later versions.
 * Run it whenever the migration of an unreleased version changes, and never for a released version:
 *
 * <pre>{@code
 * mvn -q -pl jdbc-backend -am -P old-databases test-compile exec:java
 * }</pre>
 */
public final class WriteOldDatabases {

    private static final String HISTORY = "errand_migration";

    /** In the order of their foreign keys. */
    private static final List<String> TABLES =
            List.of(
                    "errand_project",
                    "errand_task",
                    "errand_run",
                    "errand_staging",
                    "errand_answer",
                    "errand_log",
                    "errand_log_segment",
                    "errand_log_event",
                    "errand_secret",
                    HISTORY);

    private WriteOldDatabases() {}

    /**
     * Writes the files.
     *
     * @param arguments the folder of the module's test resources
     */
    public static void main(String[] arguments) throws IOException, SQLException {
        Path resources = Path.of(arguments[0]);
        Path folder = Files.createTempDirectory("errand-old-databases");
        try (HikariDataSource database = OldDatabase.H2.empty(folder, "sample")) {
            write(database);
        }
        Path h2 = createFile(resources, OldDatabase.H2, UpgradeTest.NEWEST);
        try (OutputStream file = Files.newOutputStream(h2);
                OutputStream zipped = new GZIPOutputStream(file)) {
            Files.copy(folder.resolve("sample.mv.db"), zipped);
        }
        try (HikariDataSource database = OldDatabase.POSTGRESQL.empty(folder, "sample")) {
            write(database);
            Path dump = createFile(resources, OldDatabase.POSTGRESQL, UpgradeTest.NEWEST);
            Files.writeString(dump, dump(database));
        }
    }

    private static Path createFile(Path resources, OldDatabase kind, int version)
            throws IOException {
        Path file = resources.resolve(kind.path(version));
        Files.createDirectories(file.getParent());
        return file;
    }

    private static void write(DataSource database) {
        JdbcBackend.Builder builder =
                JdbcBackend.builder(database)
                        .clock(SampleData.CLOCK)
                        .secretKeys(TestDatabase.SECRET_KEYS);
        try (JdbcBackend backend = builder.migrate().open()) {
            SampleData.write(backend, UpgradeTest.NEWEST);
        }
    }

    /** Returns the migration scripts, Flyway's history table, and all rows. */
    private static String dump(DataSource database) throws SQLException, IOException {
        StringBuilder dump = new StringBuilder("set time zone 'UTC';\n");
        for (String script :
                texts(
                        database,
                        "select script from " + HISTORY + " where type = 'SQL' order by 1")) {
            String resource = "/META-INF/errand/postgresql/" + script;
            try (InputStream migration = JdbcBackend.class.getResourceAsStream(resource)) {
                dump.append(
                        new String(migration.readAllBytes(), StandardCharsets.UTF_8)
                                .replace("${prefix}", "errand_"));
            }
        }
        String columns =
                texts(
                                database,
                                """
                                select column_name || ' ' || data_type
                                from information_schema.columns where table_name = '%s'
                                order by ordinal_position"""
                                        .formatted(HISTORY))
                        .toString();
        dump.append("create table %s (%s);\n".formatted(HISTORY, inside(columns)));
        for (String table : TABLES) {
            rows(database, table).forEach(row -> dump.append(row).append('\n'));
        }
        return dump.toString();
    }

    private static List<String> rows(DataSource database, String table) throws SQLException {
        String columns =
                inside(
                        texts(
                                        database,
                                        """
                                        select column_name from information_schema.columns
                                        where table_name = '%s' and is_generated = 'NEVER'
                                        order by ordinal_position"""
                                                .formatted(table))
                                .toString());
        String values =
                columns.replaceAll("(\\w+)", "quote_nullable($1::text)").replace(", ", ", ', ', ");
        return texts(
                database,
                "select concat('insert into %s (%s) values (', %s, ');') from %s order by 1"
                        .formatted(table, columns, values, table));
    }

    private static String inside(String list) {
        return list.substring(1, list.length() - 1);
    }

    private static List<String> texts(DataSource database, String query) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("set time zone 'UTC'");
            try (ResultSet rows = statement.executeQuery(query)) {
                List<String> texts = new ArrayList<>();
                while (rows.next()) {
                    texts.add(rows.getString(1));
                }
                return texts;
            }
        }
    }
}
