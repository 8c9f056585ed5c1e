package dev.errand.server;

import dev.errand.testpostgres.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Durable storage as command line options. */
enum TestStorage {
    H2 {
        @Override
        List<String> options(Path folder, String name) {
            return List.of("--backend=jdbc:h2:file:" + folder.resolve(name));
        }
    },
    POSTGRESQL {
        @Override
        List<String> options(Path folder, String name) throws IOException, SQLException {
            return postgresOptions(folder, PostgresServer.get().newDatabase("server_" + name));
        }
    };

    /** Returns options for new, empty storage, with its key file in the folder. */
    abstract List<String> options(Path folder, String name) throws IOException, SQLException;

    /** Returns options for a PostgreSQL URL, with a password in a file as servers require it. */
    static List<String> postgresOptions(Path folder, String url) throws IOException {
        int query = url.indexOf('?');
        List<String> options = new ArrayList<>();
        options.add("--key-file=" + folder.resolve("key"));
        options.add("--backend=" + (query < 0 ? url : url.substring(0, query)));
        for (String setting : query < 0 ? new String[0] : url.substring(query + 1).split("&")) {
            String value = setting.substring(setting.indexOf('=') + 1);
            if (setting.startsWith("user=")) {
                options.add("--db-user=" + value);
            } else if (setting.startsWith("password=")) {
                Path file = ConfidentialFiles.write(folder.resolve("password"), value);
                options.add("--db-password-file=" + file);
            }
        }
        return options;
    }
}
