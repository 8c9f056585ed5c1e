package dev.errand.server.runs;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that select the server, the project and the token. */
final class ConnectionOptions {

    private static final String TOKEN = "ERRAND_TOKEN";

    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "URL of the server. Default: $ERRAND_URL, otherwise "
                            + "http://127.0.0.1:8010.")
    private @Nullable URI url;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "File whose first line is the token. Default: "
                            + "$ERRAND_TOKEN_FILE, otherwise the token in $ERRAND_TOKEN.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--project",
            paramLabel = "ID",
            description =
                    "Id of the project. Default: $ERRAND_PROJECT, otherwise the "
                            + "first project of the token.")
    private @Nullable String project;

    @Option(names = "--json", description = "Print JSON instead of a table.")
    private boolean json;

    boolean isJson() {
        return json;
    }

    /**
     * Returns a client for the selected server.
     *
     * @throws CommandFailedException if an option is invalid, there is no token, or its file cannot
     *     be read
     */
    ApiClient client(Map<String, String> environment) {
        URI server = url;
        try {
            if (server == null) {
                server =
                        URI.create(environment.getOrDefault("ERRAND_URL", "http://127.0.0.1:8010"));
            }
        } catch (IllegalArgumentException invalid) {
            throw new CommandFailedException(
                    "ERRAND_URL is not a valid URL: " + invalid.getMessage());
        }
        if (server.getHost() == null) {
            throw new CommandFailedException(
                    "--url must be like http://127.0.0.1:8010, not " + server);
        }
        String scope =
                project == null ? environment.getOrDefault("ERRAND_PROJECT", "@current") : project;
        if (!scope.matches("@current|[0-9]+")) {
            throw new CommandFailedException("--project must be a number, not " + scope);
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
            throw new CommandFailedException("no token; use --token-file FILE or set " + TOKEN);
        }
        return token;
    }

    private static String firstLine(Path file) {
        try {
            return Files.readString(file).lines().findFirst().orElse("").strip();
        } catch (IOException unreadable) {
            throw new CommandFailedException("cannot read token file " + file, unreadable);
        }
    }
}
