package dev.errand.jdbc;

import dev.errand.jdbc.database.TestDatabase;
import dev.errand.objects.file.FileObjectStore;
import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.store.Backend;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import org.springframework.util.FileSystemUtils;

/**
 * docs/invariants.md#i5: in random histories of two projects on one database, neither sees nor
 * changes data of the other.
 */
class IsolationProperties {

    private static final List<String> TABLES =
            List.of(
                    "project",
                    "task",
                    "run",
                    "queue",
                    "staging",
                    "idempotency",
                    "log",
                    "log_segment");

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void projectsAreIsolatedOnH2(@ForAll("histories") List<Integer> history) throws IOException {
        play(history, TestDatabase.h2(IsolationProperties.class));
    }

    @Property(tries = 12, edgeCases = EdgeCasesMode.NONE)
    void projectsAreIsolatedOnPostgresql(@ForAll("histories") List<Integer> history)
            throws IOException {
        play(history, TestDatabase.postgresql(IsolationProperties.class));
    }

    /** Uniform, because later choices depend on the high digits. */
    @Provide
    Arbitrary<List<Integer>> histories() {
        return Arbitraries.integers()
                .between(0, Integer.MAX_VALUE)
                .withDistribution(RandomDistribution.uniform())
                .list()
                .ofMinSize(40)
                .ofMaxSize(120);
    }

    private static void play(List<Integer> history, TestDatabase database) throws IOException {
        database.reset();
        Path folder = Files.createTempDirectory("errand-isolation");
        FileObjectStore objects =
                FileObjectStore.open(
                        folder, Clock.systemUTC(), Secret.of("a key for signed forms"));
        objects.setBaseUrl(URI.create("http://localhost"));
        try (Backend backend = database.open(Clock.systemUTC())) {
            TenantIsolationScenario scenario =
                    new TenantIsolationScenario(
                            backend, objects, project -> rows(database, project));
            history.forEach(scenario::step);
        } finally {
            FileSystemUtils.deleteRecursively(folder);
        }
    }

    /** Returns every row of a project as one text. */
    private static String rows(TestDatabase database, ProjectId project) {
        List<String> rows = new ArrayList<>();
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            for (String table : TABLES) {
                try (ResultSet result =
                        statement.executeQuery(
                                "select * from errand_"
                                        + table
                                        + " where project_id = "
                                        + project)) {
                    while (result.next()) {
                        rows.add(table + row(result));
                    }
                }
            }
        } catch (SQLException e) {
            throw new AssertionError("the tables cannot be read", e);
        }
        Collections.sort(rows);
        return String.join("\n", rows);
    }

    private static String row(ResultSet result) throws SQLException {
        StringBuilder row = new StringBuilder();
        for (int column = 1; column <= result.getMetaData().getColumnCount(); column++) {
            row.append(' ').append(result.getString(column));
        }
        return row.toString();
    }
}
