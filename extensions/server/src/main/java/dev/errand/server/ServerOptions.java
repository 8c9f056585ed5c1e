package dev.errand.server;

import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * How a server is set up.
 *
 * @param host the name or address it listens on
 * @param port the port it listens on; 0 for any free one
 * @param publicUrl the address that clients and agents reach it by, where that is another one
 * @param backend the URL of the storage; its scheme chooses the backend
 * @param objects where the bytes of artifacts are kept
 * @param directory the file with projects, users and tokens; empty for one project with one new
 *     token
 * @param agents how queued runs are executed; empty if this server executes none
 */
public record ServerOptions(
        String host,
        int port,
        Optional<URI> publicUrl,
        String backend,
        ObjectsLocation objects,
        Optional<Path> directory,
        Optional<AgentOptions> agents) {

    /** On port 8010 for this machine alone, everything in memory, no agents. */
    public static final ServerOptions DEFAULT =
            new ServerOptions(
                    "127.0.0.1",
                    8010,
                    Optional.empty(),
                    "memory:",
                    ObjectsLocation.inMemory(),
                    Optional.empty(),
                    Optional.empty());

    private static final int MAX_PORT = 65_535;

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if {@code host} is blank, {@code port} is outside 0 to
     *     65535, or {@code publicUrl} is no absolute HTTP address without query and fragment
     */
    public ServerOptions {
        Objects.requireNonNull(backend, "backend");
        Objects.requireNonNull(objects, "objects");
        Objects.requireNonNull(directory, "directory");
        Objects.requireNonNull(agents, "agents");
        if (host.isBlank()) {
            throw new IllegalArgumentException("host must not be blank");
        }
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("port must be 0 to " + MAX_PORT + ", not " + port);
        }
        if (!publicUrl.map(ServerOptions::isBase).orElse(true)) {
            throw new IllegalArgumentException(
                    "public-url must be like https://errand.example.com, not " + publicUrl.get());
        }
    }

    /** These options with another name or address to listen on. */
    public ServerOptions withHost(String changed) {
        return new ServerOptions(changed, port, publicUrl, backend, objects, directory, agents);
    }

    /** These options with another port. */
    public ServerOptions withPort(int changed) {
        return new ServerOptions(host, changed, publicUrl, backend, objects, directory, agents);
    }

    /** These options with an address from outside. */
    public ServerOptions withPublicUrl(URI changed) {
        return new ServerOptions(
                host, port, Optional.of(changed), backend, objects, directory, agents);
    }

    /** These options with another storage. */
    public ServerOptions withBackend(String changed) {
        return new ServerOptions(host, port, publicUrl, changed, objects, directory, agents);
    }

    /** These options with another place for artifacts. */
    public ServerOptions withObjects(ObjectsLocation changed) {
        return new ServerOptions(host, port, publicUrl, backend, changed, directory, agents);
    }

    /** These options with a directory file. */
    public ServerOptions withDirectory(Path changed) {
        return new ServerOptions(
                host, port, publicUrl, backend, objects, Optional.of(changed), agents);
    }

    /** These options with agents that execute runs. */
    public ServerOptions withAgents(AgentOptions changed) {
        return new ServerOptions(
                host, port, publicUrl, backend, objects, directory, Optional.of(changed));
    }

    private static boolean isBase(URI url) {
        return ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
                && url.getHost() != null
                && url.getRawQuery() == null
                && url.getRawFragment() == null;
    }
}
