package dev.errand.server;

import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How a server is set up.
 *
 * @param host the name or address it listens on
 * @param port the port it listens on; 0 for any free one
 * @param publicUrl the address that clients and agents reach it by, where that is another one
 * @param backend the URL of the storage, without a password; its scheme chooses the backend
 * @param database how a backend with a database opens it
 * @param objects where the bytes of artifacts are kept
 * @param keyFile the file with the secret that links, the tokens of sandboxes and the secrets of
 *     runs depend on, made if there is none; empty for one beside the file of an H2 database, or
 *     for new keys where nothing else outlives the process either
 * @param directory the file with projects, users and tokens; empty for one project with one new
 *     token
 * @param agents how queued runs are executed; empty if this server executes none
 * @param metrics where meters are served, apart from the API; empty if nowhere
 */
public record ServerOptions(
        String host,
        int port,
        Optional<URI> publicUrl,
        String backend,
        DatabaseOptions database,
        ObjectsLocation objects,
        Optional<Path> keyFile,
        Optional<Path> directory,
        Optional<AgentOptions> agents,
        Optional<MetricsAddress> metrics) {

    /**
     * A setting of the URL, of PostgreSQL or H2, or before the host. First, as it checks what
     * follows.
     */
    private static final Pattern PASSWORD =
            Pattern.compile("[?&;:](ssl)?password=|//[^/?;]*:[^/?;]*@", Pattern.CASE_INSENSITIVE);

    /** On port 8010 for this machine alone, everything in memory, no agents. */
    public static final ServerOptions DEFAULT =
            new ServerOptions(
                    "127.0.0.1",
                    8010,
                    Optional.empty(),
                    "memory:",
                    DatabaseOptions.NONE,
                    ObjectsLocation.inMemory(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());

    /** The highest port there is. */
    static final int MAX_PORT = 65_535;

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if {@code host} is blank, {@code port} is outside 0 to
     *     65535, {@code publicUrl} is no absolute HTTP address without query and fragment, or
     *     {@code backend} holds a password
     */
    public ServerOptions {
        Objects.requireNonNull(backend, "backend");
        Objects.requireNonNull(database, "database");
        Objects.requireNonNull(objects, "objects");
        Objects.requireNonNull(keyFile, "keyFile");
        Objects.requireNonNull(directory, "directory");
        Objects.requireNonNull(agents, "agents");
        Objects.requireNonNull(metrics, "metrics");
        if (host.isBlank()) {
            throw new IllegalArgumentException("host must not be blank");
        }
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("port must be 0 to " + MAX_PORT + ", not " + port);
        }
        if (PASSWORD.matcher(backend).find()) {
            throw new IllegalArgumentException(
                    "backend must hold no password, for others see the command line; use"
                            + " --db-password-file");
        }
        if (!publicUrl.map(ServerOptions::isBase).orElse(true)) {
            throw new IllegalArgumentException(
                    "public-url must be like https://errand.example.com, not " + publicUrl.get());
        }
    }

    /** These options with another name or address to listen on. */
    public ServerOptions withHost(String changed) {
        return new ServerOptions(
                changed, port, publicUrl, backend, database, objects, keyFile, directory, agents,
                metrics);
    }

    /** These options with another port. */
    public ServerOptions withPort(int changed) {
        return new ServerOptions(
                host, changed, publicUrl, backend, database, objects, keyFile, directory, agents,
                metrics);
    }

    /** These options with an address from outside. */
    public ServerOptions withPublicUrl(URI changed) {
        return new ServerOptions(
                host,
                port,
                Optional.of(changed),
                backend,
                database,
                objects,
                keyFile,
                directory,
                agents,
                metrics);
    }

    /** These options with another storage. */
    public ServerOptions withBackend(String changed) {
        return new ServerOptions(
                host, port, publicUrl, changed, database, objects, keyFile, directory, agents,
                metrics);
    }

    /** These options with another way to open the database. */
    public ServerOptions withDatabase(DatabaseOptions changed) {
        return new ServerOptions(
                host, port, publicUrl, backend, changed, objects, keyFile, directory, agents,
                metrics);
    }

    /** These options with another place for artifacts. */
    public ServerOptions withObjects(ObjectsLocation changed) {
        return new ServerOptions(
                host, port, publicUrl, backend, database, changed, keyFile, directory, agents,
                metrics);
    }

    /** These options with a key file. */
    public ServerOptions withKeyFile(Path changed) {
        return new ServerOptions(
                host,
                port,
                publicUrl,
                backend,
                database,
                objects,
                Optional.of(changed),
                directory,
                agents,
                metrics);
    }

    /** These options with a directory file. */
    public ServerOptions withDirectory(Path changed) {
        return new ServerOptions(
                host,
                port,
                publicUrl,
                backend,
                database,
                objects,
                keyFile,
                Optional.of(changed),
                agents,
                metrics);
    }

    /** These options with agents that execute runs. */
    public ServerOptions withAgents(AgentOptions changed) {
        return new ServerOptions(
                host,
                port,
                publicUrl,
                backend,
                database,
                objects,
                keyFile,
                directory,
                Optional.of(changed),
                metrics);
    }

    /** These options with meters served there. */
    public ServerOptions withMetrics(MetricsAddress changed) {
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
                Optional.of(changed));
    }

    private static boolean isBase(URI url) {
        return ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
                && url.getHost() != null
                && url.getRawQuery() == null
                && url.getRawFragment() == null;
    }
}
