package dev.errand.server;

import dev.errand.testpostgres.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Storage that outlives a server, as options of its command line. */
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

    /** A new and empty one, with its key file in the folder. */
    abstract List<String> options(Path folder, String name) throws IOException, SQLException;

    /** A password in the URL goes into a file of its own, as servers want it. */
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
                Path file = Files.writeString(folder.resolve("password"), value);
                options.add("--db-password-file=" + file);
            }
        }
        return options;
    }
}
