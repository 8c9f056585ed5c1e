package dev.errand.server;

import dev.errand.config.LogLimit;
import dev.errand.http.TrafficLimits;
import dev.errand.profile.ApiProfile;
import dev.errand.retention.RetentionPolicy;
import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The configuration of a server.
 *
 * @param host the host name or IP address to listen on
 * @param port the port to listen on; 0 for any free port
 * @param publicUrl the base URL under which clients reach the server; empty if it is the listen
 *     address
 * @param backend the URL of the storage, without a password; its scheme selects the backend
 * @param database how the backend opens its database, if it has one
 * @param objects where the contents of artifacts are stored
 * @param keyFile the file with the secret that signs links and sandbox tokens and encrypts the
 *     secrets of runs; created if it does not exist. Empty for a file beside an H2 database, or for
 *     random keys if no data survives the process.
 * @param directory the file with projects, users and tokens; empty for one project with a generated
 *     token
 * @param agents how queued runs are executed; empty if this server executes none
 * @param metrics the address that serves metrics; empty for none
 * @param retention when data is erased
 * @param logLimit how large the log of one run may become
 * @param traffic the limits of simultaneous requests
 * @param profile the version of the API
 * @param connections how the server talks to agents in sandboxes
 * @param operatorPage which page for operators is served
 */
public record ServerOptions(
        String host,
        int port,
        Optional<URI> publicUrl,
        String backend,
        DatabaseOptions database,
        ObjectStoreLocation objects,
        Optional<Path> keyFile,
        Optional<Path> directory,
        Optional<AgentOptions> agents,
        Optional<MetricsAddress> metrics,
        RetentionPolicy retention,
        LogLimit logLimit,
        TrafficLimits traffic,
        ApiProfile profile,
        AgentServerOptions connections,
        OperatorPage operatorPage) {

    /**
     * A password in the parameters of a PostgreSQL or H2 URL or before the host. Declared first
     * because the constructor of DEFAULT uses it.
     */
    private static final Pattern PASSWORD =
            Pattern.compile("[?&;:](ssl)?password=|//[^/?;]*:[^/?;]*@", Pattern.CASE_INSENSITIVE);

    /** The defaults: port 8010 of the loopback address, everything in memory, no agents. */
    public static final ServerOptions DEFAULT =
            new ServerOptions(
                    "127.0.0.1",
                    8010,
                    Optional.empty(),
                    "memory:",
                    DatabaseOptions.NONE,
                    ObjectStoreLocation.inMemory(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    RetentionPolicy.DEFAULT,
                    LogLimit.DEFAULT,
                    TrafficLimits.DEFAULT,
                    ApiProfile.V2026_05,
                    AgentServerOptions.DEFAULT,
                    OperatorPage.READ_ONLY);

    /** The highest valid port. */
    static final int MAX_PORT = 65_535;

    /**
     * Validates the values.
     *
     * @throws IllegalArgumentException if {@code host} is blank, {@code port} is outside of 0 to
     *     65535, {@code publicUrl} is not an absolute HTTP URL without query and fragment, or
     *     {@code backend} contains a password
     */
    public ServerOptions {
        Objects.requireNonNull(backend, "backend");
        Objects.requireNonNull(database, "database");
        Objects.requireNonNull(objects, "objects");
        Objects.requireNonNull(keyFile, "keyFile");
        Objects.requireNonNull(directory, "directory");
        Objects.requireNonNull(agents, "agents");
        Objects.requireNonNull(metrics, "metrics");
        Objects.requireNonNull(retention, "retention");
        Objects.requireNonNull(logLimit, "logLimit");
        Objects.requireNonNull(traffic, "traffic");
        Objects.requireNonNull(profile, "profile");
        Objects.requireNonNull(connections, "connections");
        Objects.requireNonNull(operatorPage, "operatorPage");
        if (host.isBlank()) {
            throw new IllegalArgumentException("host must not be blank");
        }
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("port must be 0 to " + MAX_PORT + ", not " + port);
        }
        if (PASSWORD.matcher(backend).find()) {
            throw new IllegalArgumentException(
                    "backend must not contain a password because other users can see the command line; use"
                            + " --db-password-file");
        }
        if (!publicUrl.map(ServerOptions::isBase).orElse(true)) {
            throw new IllegalArgumentException(
                    "public-url must be like https://errand.example.com, not " + publicUrl.get());
        }
    }

    /** Returns a copy with the given host. */
    public ServerOptions withHost(String changed) {
        return copy(draft -> draft.host = changed);
    }

    /** Returns a copy with the given port. */
    public ServerOptions withPort(int changed) {
        return copy(draft -> draft.port = changed);
    }

    /** Returns a copy with the given public URL. */
    public ServerOptions withPublicUrl(URI changed) {
        return copy(draft -> draft.publicUrl = Optional.of(changed));
    }

    /** Returns a copy with the given backend URL. */
    public ServerOptions withBackend(String changed) {
        return copy(draft -> draft.backend = changed);
    }

    /** Returns a copy with the given database options. */
    public ServerOptions withDatabase(DatabaseOptions changed) {
        return copy(draft -> draft.database = changed);
    }

    /** Returns a copy with the given location of artifacts. */
    public ServerOptions withObjects(ObjectStoreLocation changed) {
        return copy(draft -> draft.objects = changed);
    }

    /** Returns a copy with the given key file. */
    public ServerOptions withKeyFile(Path changed) {
        return copy(draft -> draft.keyFile = Optional.of(changed));
    }

    /** Returns a copy with the given directory file. */
    public ServerOptions withDirectory(Path changed) {
        return copy(draft -> draft.directory = Optional.of(changed));
    }

    /** Returns a copy that executes runs with the given agents. */
    public ServerOptions withAgents(AgentOptions changed) {
        return copy(draft -> draft.agents = Optional.of(changed));
    }

    /** Returns a copy that serves metrics at the given address. */
    public ServerOptions withMetrics(MetricsAddress changed) {
        return copy(draft -> draft.metrics = Optional.of(changed));
    }

    /** Returns a copy with the given retention policy. */
    public ServerOptions withRetention(RetentionPolicy changed) {
        return copy(draft -> draft.retention = changed);
    }

    /** Returns a copy with the given limit of logs. */
    public ServerOptions withLogLimit(LogLimit changed) {
        return copy(draft -> draft.logLimit = changed);
    }

    /** Returns a copy with the given limits of simultaneous requests. */
    public ServerOptions withTraffic(TrafficLimits changed) {
        return copy(draft -> draft.traffic = changed);
    }

    /** Returns a copy that serves the given version of the API. */
    public ServerOptions withProfile(ApiProfile changed) {
        return copy(draft -> draft.profile = changed);
    }

    /** Returns a copy with the given options of connections to agents. */
    public ServerOptions withConnections(AgentServerOptions changed) {
        return copy(draft -> draft.connections = changed);
    }

    /** Returns a copy that serves the given page for operators. */
    public ServerOptions withOperatorPage(OperatorPage changed) {
        return copy(draft -> draft.operatorPage = changed);
    }

    private static boolean isBase(URI url) {
        return ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
                && url.getHost() != null
                && url.getRawQuery() == null
                && url.getRawFragment() == null;
    }

    private ServerOptions copy(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.build();
    }

    /** The values of a copy. */
    private static final class Draft {
        private String host;
        private int port;
        private Optional<URI> publicUrl;
        private String backend;
        private DatabaseOptions database;
        private ObjectStoreLocation objects;
        private Optional<Path> keyFile;
        private Optional<Path> directory;
        private Optional<AgentOptions> agents;
        private Optional<MetricsAddress> metrics;
        private RetentionPolicy retention;
        private LogLimit logLimit;
        private TrafficLimits traffic;
        private ApiProfile profile;
        private AgentServerOptions connections;
        private OperatorPage operatorPage;

        Draft(ServerOptions from) {
            host = from.host;
            port = from.port;
            publicUrl = from.publicUrl;
            backend = from.backend;
            database = from.database;
            objects = from.objects;
            keyFile = from.keyFile;
            directory = from.directory;
            agents = from.agents;
            metrics = from.metrics;
            retention = from.retention;
            logLimit = from.logLimit;
            traffic = from.traffic;
            profile = from.profile;
            connections = from.connections;
            operatorPage = from.operatorPage;
        }

        ServerOptions build() {
            return new ServerOptions(
                    host,
                    port,
                    publicUrl,
                    backend,
                    database,
                    objects,
                    keyFile,
                    directory,
                    agents,
                    metrics,
                    retention,
                    logLimit,
                    traffic,
                    profile,
                    connections,
                    operatorPage);
        }
    }
}
