package dev.errand.server;

import dev.errand.Errand;
import dev.errand.dispatch.DispatchListener;
import dev.errand.dispatch.DispatchOptions;
import dev.errand.dispatch.Dispatcher;
import dev.errand.http.Authenticator;
import dev.errand.http.ErrandServlet;
import dev.errand.http.LogLinks;
import dev.errand.memory.objects.InMemoryObjectStore;
import dev.errand.objects.file.FileObjectStore;
import dev.errand.process.CleanupPolicy;
import dev.errand.process.CloseAction;
import dev.errand.process.ProcessLauncher;
import dev.errand.process.ProcessLauncherBuilder;
import dev.errand.spi.Backend;
import dev.errand.spi.BackendCapability;
import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.LocalObjectStore;
import dev.errand.spi.artifact.ObjectStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running server: the Tasks API over HTTP with storage, an object store, a directory of projects
 * and users, and, if it is asked to, agents on this machine that execute queued runs.
 *
 * <pre>{@code
 * try (ErrandServer server = ErrandServer.start(ServerOptions.DEFAULT.withPort(0))) {
 *     URI api = server.url().resolve("/api/projects/1/tasks/");
 * }
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class ErrandServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ErrandServer.class);

    private final URI url;
    private final List<ProjectId> projects;
    private final Optional<Secret> token;
    private final ObjectStore objects;
    private final Optional<URI> metricsUrl;
    private final OpenParts parts;

    private ErrandServer(
            URI url,
            List<ProjectId> projects,
            Optional<Secret> token,
            ObjectStore objects,
            Optional<URI> metricsUrl,
            OpenParts parts) {
        this.url = url;
        this.projects = projects;
        this.token = token;
        this.objects = objects;
        this.metricsUrl = metricsUrl;
        this.parts = parts;
    }

    /**
     * Starts a server; when this returns, it answers.
     *
     * @throws InvalidOptions if the directory file, the key file, the password's file or the
     *     backend's URL is not as it should be
     * @throws IOException if an address cannot be listened on
     * @throws dev.errand.spi.BackendException if storage or a directory cannot be opened
     * @throws IllegalStateException if another server of this process has the work directory
     */
    public static ErrandServer start(ServerOptions options) throws IOException {
        OpenParts parts = new OpenParts();
        try {
            return start(options, parts);
        } catch (IOException | RuntimeException | Error failure) {
            parts.close();
            throw failure;
        }
    }

    private static ErrandServer start(ServerOptions options, OpenParts parts) throws IOException {
        Optional<Secret> token =
                options.directory().isPresent() ? Optional.empty() : Optional.of(Tokens.random());
        FileDirectory directory =
                options.directory()
                        .map(DirectoryFile::read)
                        .orElseGet(() -> FileDirectory.ofOne(token.orElseThrow()));
        Keys keys =
                KeyFile.of(options).map(KeyFile::readOrMake).map(Keys::of).orElseGet(Keys::random);
        Backend backend = parts.add(Backends.open(options, keys, Clock.systemUTC()));
        warnOfWhatWillBeLost(options, backend);
        Optional<ServerMeters> meters =
                options.metrics().map(address -> parts.add(new ServerMeters(backend)));
        Optional<URI> metricsUrl =
                meters.isEmpty()
                        ? Optional.empty()
                        : Optional.of(serve(meters.get(), options.metrics().get(), parts));
        LocalObjectStore objects = open(options.objects(), backend.clock());
        // Opened first, as everybody else is told its address.
        HttpHost http = HttpHost.open(options.host(), options.port());
        try {
            URI publicUrl = options.publicUrl().orElse(http.url());
            LogLinks logLinks = LogLinks.of(publicUrl, keys.logLinks(), backend.clock());
            Errand.Builder builder =
                    Errand.builder(backend, objects, directory)
                            .links(logLinks)
                            .runTokenKey(keys.runTokens());
            meters.ifPresent(each -> builder.listener(each.errand()));
            Errand errand = parts.add(builder.build());
            parts.add(Housekeeping.start(errand, directory.projects()));
            options.agents()
                    .ifPresent(agents -> dispatch(errand, agents, http.url(), meters, parts));
            http.serve(
                    ErrandServlet.builder(
                                    errand, Authenticator.ofBearerTokens(directory::authenticate))
                            .publicUrl(publicUrl)
                            .objects(objects)
                            .logLinks(logLinks)
                            .activeProject(directory::activeProject)
                            .build(),
                    new DescriptionServlet(errand, directory),
                    backend);
        } finally {
            // And closed first, as clients go before what answers them.
            parts.add(http);
        }
        return new ErrandServer(
                http.url(), directory.projects(), token, objects, metricsUrl, parts);
    }

    private static URI serve(ServerMeters meters, MetricsAddress address, OpenParts parts)
            throws IOException {
        return parts.add(MetricsHost.start(address, meters::text)).url();
    }

    private static void warnOfWhatWillBeLost(ServerOptions options, Backend backend) {
        if (backend.capabilities().contains(BackendCapability.DURABLE)
                && options.objects() instanceof ObjectsLocation.InMemory) {
            LOG.warn(
                    "artifacts end with this process, what names them does not: give --objects"
                            + " file:DIR");
        }
    }

    private static LocalObjectStore open(ObjectsLocation location, Clock clock) {
        if (location instanceof ObjectsLocation.InDirectory place) {
            return FileObjectStore.open(place.directory(), clock);
        }
        return InMemoryObjectStore.create(clock, Tokens.random());
    }

    private static void dispatch(
            Errand errand,
            AgentOptions agents,
            URI apiUrl,
            Optional<ServerMeters> meters,
            OpenParts parts) {
        AgentProgram.problem(agents, System.getenv())
                .ifPresent(
                        problem -> {
                            throw InvalidOptions.because(problem);
                        });
        Path workDirectory =
                agents.workDirectory()
                        .orElseGet(() -> parts.add(TemporaryDirectory.create()).path());
        ProcessLauncherBuilder builder =
                ProcessLauncher.builder(workDirectory, agents.command())
                        .grace(agents.stopGrace())
                        .cleanupPolicy(
                                agents.workDirectory().isPresent()
                                        ? CleanupPolicy.KEEP_FAILED
                                        : CleanupPolicy.DELETE)
                        .keepFor(agents.sandboxes().keepFor())
                        .maxDiskBytes(agents.sandboxes().maxDiskBytes())
                        .closeAction(
                                agents.endWithServer()
                                        ? CloseAction.STOP
                                        : CloseAction.LEAVE_RUNNING);
        agents.sandboxes().maxMemoryBytes().ifPresent(builder::maxMemoryBytes);
        try {
            builder.inheritVariables(agents.passOn().toArray(String[]::new));
            agents.variables().forEach(builder::variable);
        } catch (IllegalArgumentException noSuchVariable) {
            throw InvalidOptions.because(noSuchVariable.getMessage());
        }
        ProcessLauncher launcher = parts.add(builder.build());
        DispatchOptions options = DispatchOptions.of("server-" + UUID.randomUUID());
        Dispatcher dispatcher =
                errand.dispatcher(
                        launcher,
                        options.withSlots(agents.slots())
                                .withTimeouts(
                                        options.timeouts()
                                                .withTotal(agents.timeLimit())
                                                .withInactivity(agents.silenceLimit()))
                                .withGrace(agents.stopGrace(), options.gracePeriods().end())
                                .withLease(agents.leaseFor(), options.pollEvery())
                                .withApiUrl(apiUrl),
                        meters.<DispatchListener>map(ServerMeters::errand)
                                .orElse(DispatchListener.NONE));
        // Which of several servers it is, whoever collects knows by its address.
        meters.ifPresent(
                each -> each.errand().watchDispatcher("server", dispatcher::supervisedRuns));
        parts.add(dispatcher).start();
    }

    /** The address in front of {@code /api}, as this machine reaches it. */
    public URI url() {
        return url;
    }

    /** Where its meters are, as this machine reaches them; empty where it serves none. */
    public Optional<URI> metricsUrl() {
        return metricsUrl;
    }

    /** The projects, in the directory file's order. */
    public List<ProjectId> projects() {
        return projects;
    }

    /**
     * The token that was made for this server; empty where a directory file says who may do what.
     */
    public Optional<Secret> token() {
        return token;
    }

    /** Where the bytes of artifacts are. */
    public ObjectStore objects() {
        return objects;
    }

    /**
     * Ends the server: it is no longer ready and takes no new requests, those under way end, 30
     * seconds at most; then leases are handed over, agents are left to the next server or stopped,
     * as the options say, and storage is closed. A second call does nothing.
     */
    @Override
    public void close() {
        parts.close();
    }
}
