package dev.errand.server.runs;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Option;

/** Which server is asked, and with whose rights. */
final class Connection {

    private static final String TOKEN = "ERRAND_TOKEN";

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "address of the server; $ERRAND_URL, http://127.0.0.1:8010")
    private URI url;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "file whose first line is the token; $ERRAND_TOKEN_FILE, or $ERRAND_TOKEN")
    private Path tokenFile;

    @Option(
            names = "--project",
            paramLabel = "ID",
            description = "which project; $ERRAND_PROJECT, the token's first")
    private String project;

    @Option(names = "--json", description = "prints what the server answers instead of a table")
    private boolean json;

    boolean isJson() {
        return json;
    }

    /**
     * A client of that server.
     *
     * @throws Refusal if there is no token, or its file cannot be read
     */
    ApiClient client(Map<String, String> environment) {
        URI server = url;
        try {
            if (server == null) {
                server =
                        URI.create(environment.getOrDefault("ERRAND_URL", "http://127.0.0.1:8010"));
            }
        } catch (IllegalArgumentException notOne) {
            throw new Refusal("ERRAND_URL is no address: " + notOne.getMessage());
        }
        if (server.getHost() == null) {
            throw new Refusal("--url must be like http://127.0.0.1:8010, not " + server);
        }
        String scope =
                project == null ? environment.getOrDefault("ERRAND_PROJECT", "@current") : project;
        if (!scope.matches("@current|[0-9]+")) {
            throw new Refusal("--project must be a number, not " + scope);
        }
        return new ApiClient(server, scope, token(environment));
    }

    private String token(Map<String, String> environment) {
        String file = environment.get("ERRAND_TOKEN_FILE");
        if (tokenFile != null) {
            return firstLine(tokenFile);
        }
        if (file != null) {
            return firstLine(Path.of(file));
        }
        String token = environment.getOrDefault(TOKEN, "").strip();
        if (token.isEmpty()) {
            throw new Refusal("there is no token: give --token-file FILE or set " + TOKEN);
        }
        return token;
    }

    private static String firstLine(Path file) {
        try {
            return Files.readString(file).lines().findFirst().orElse("").strip();
        } catch (IOException unreadable) {
            throw new Refusal("cannot read the token in " + file, unreadable);
        }
    }
}
