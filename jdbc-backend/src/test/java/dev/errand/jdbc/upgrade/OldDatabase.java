package dev.errand.jdbc.upgrade;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.errand.testpostgres.PostgresServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.zip.GZIPInputStream;

/** Databases as released versions left them, kept in {@code src/test/resources/schema-vN/}. */
enum OldDatabase {
    /** The database's own file. */
    H2("h2.mv.db.gz") {
        @Override
        HikariDataSource empty(Path folder, String name) {
            return pool("jdbc:h2:file:" + folder.resolve(name));
        }

        @Override
        HikariDataSource restored(Path folder, int version) throws IOException {
            try (InputStream zipped = open(version);
                    InputStream file = new GZIPInputStream(zipped)) {
                Files.copy(file, folder.resolve("old.mv.db"));
            }
            return empty(folder, "old");
        }
    },

    /** A dump in SQL. */
    POSTGRESQL("postgresql.sql") {
        @Override
        HikariDataSource empty(Path folder, String name) throws SQLException {
            return pool(PostgresServer.get().newDatabase("upgrade_" + name));
        }

        @Override
        HikariDataSource restored(Path folder, int version) throws IOException, SQLException {
            HikariDataSource database = empty(folder, "old");
            try (InputStream dump = open(version);
                    Connection connection = database.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute(new String(dump.readAllBytes(), StandardCharsets.UTF_8));
            }
            return database;
        }
    };

    private final String file;

    OldDatabase(String file) {
        this.file = file;
    }

    /** A new database without anything in it. */
    abstract HikariDataSource empty(Path folder, String name) throws SQLException;

    /** The database that a version left. */
    abstract HikariDataSource restored(Path folder, int version) throws IOException, SQLException;

    /** Where a version's file is, from the root of the test resources. */
    String path(int version) {
        return "schema-v" + version + "/" + file;
    }

    InputStream open(int version) throws IOException {
        InputStream found = OldDatabase.class.getResourceAsStream("/" + path(version));
        if (found == null) {
            throw new IOException("there is no " + path(version) + "; WriteOldDatabases makes it");
        }
        return found;
    }

    private static HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(4);
        return new HikariDataSource(config);
    }
}
