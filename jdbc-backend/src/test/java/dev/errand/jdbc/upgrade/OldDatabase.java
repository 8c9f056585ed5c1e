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

/** Databases of earlier schema versions, from {@code src/test/resources/schema-vN/}. */
enum OldDatabase {
    /** An H2 file. */
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

    /** An SQL dump. */
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

    /** Returns a new, empty database. */
    abstract HikariDataSource empty(Path folder, String name) throws SQLException;

    /** Returns a database restored from the file of a version. */
    abstract HikariDataSource restored(Path folder, int version) throws IOException, SQLException;

    /** Returns the path of a version's file in the test resources. */
    String path(int version) {
        return "schema-v" + version + "/" + file;
    }

    InputStream open(int version) throws IOException {
        InputStream found = OldDatabase.class.getResourceAsStream("/" + path(version));
        if (found == null) {
            throw new IOException(path(version) + " is missing; WriteOldDatabases creates it");
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
