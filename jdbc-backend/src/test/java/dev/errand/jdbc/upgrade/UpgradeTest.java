package dev.errand.jdbc.upgrade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.zaxxer.hikari.HikariDataSource;
import dev.errand.jdbc.JdbcBackend;
import dev.errand.jdbc.database.TestDatabase;
import dev.errand.spi.store.Backend;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A database of each earlier schema version can be opened, with all its data. */
class UpgradeTest {

    /** The newest schema version; it and all earlier ones have files. */
    static final int NEWEST = 3;

    @TempDir private Path folder;

    static Stream<Arguments> versions() {
        return Stream.of(OldDatabase.values())
                .flatMap(
                        kind ->
                                IntStream.rangeClosed(1, NEWEST)
                                        .mapToObj(version -> arguments(kind, version)));
    }

    @ParameterizedTest(name = "{0}, schema version {1}")
    @MethodSource("versions")
    void anUpgradedDatabaseBehavesLikeANewOne(OldDatabase kind, int version) throws Exception {
        try (HikariDataSource old = kind.restored(folder, version);
                HikariDataSource fresh = kind.empty(folder, "fresh");
                Backend upgraded = open(old);
                Backend expected = open(fresh)) {
            SampleData.write(expected, version);

            List<Object> everything = SampleData.readEverything(upgraded);

            assertThat(everything).isEqualTo(SampleData.readEverything(expected));
            assertThat(everything).contains(SampleData.SECRETS).doesNotContainNull();
            assertThat(SampleData.continueWriting(upgraded))
                    .isEqualTo(SampleData.continueWriting(expected));
        }
    }

    @Test
    void theNewestVersionHasAFile() throws SQLException {
        try (HikariDataSource fresh = OldDatabase.H2.empty(folder, "fresh");
                Backend backend = open(fresh);
                Connection connection = fresh.getConnection();
                Statement statement = connection.createStatement();
                ResultSet version =
                        statement.executeQuery("select max(version) from errand_schema_version")) {
            assertThat(backend.capabilities()).isNotEmpty();
            assertThat(version.next()).isTrue();
            assertThat(version.getInt(1)).isEqualTo(NEWEST);
        }
    }

    private static Backend open(DataSource database) {
        return JdbcBackend.builder(database)
                .clock(SampleData.CLOCK)
                .secretKeys(TestDatabase.SECRET_KEYS)
                .migrate()
                .open();
    }
}
