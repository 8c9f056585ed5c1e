package dev.errand.server;

import dev.errand.Errand;
import dev.errand.commands.HttpCommandSender;
import dev.errand.config.EngineOptions;
import dev.errand.dispatch.DispatchListener;
import dev.errand.dispatch.DispatchOptions;
import dev.errand.dispatch.Dispatcher;
import dev.errand.http.Authenticator;
import dev.errand.http.ErrandServlet;
import dev.errand.http.LogLinks;
import dev.errand.jwt.RsaConnectionTokens;
import dev.errand.jwt.RsaSigningKey;
import dev.errand.memory.objects.InMemoryObjectStore;
import dev.errand.objects.file.FileObjectStore;
import dev.errand.page.OperatorPageServlet;
import dev.errand.process.CleanupPolicy;
import dev.errand.process.CloseAction;
import dev.errand.process.ProcessLauncher;
import dev.errand.process.ProcessLauncherBuilder;
import dev.errand.retention.HousekeepingListener;
import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.LocalObjectStore;
import dev.errand.spi.artifact.ObjectStore;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.BackendCapability;
import jakarta.servlet.Servlet;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running server: the Tasks API over HTTP with storage, an object store, a directory of projects
 * and users, and optionally agents on this machine that execute queued runs.
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

    private static final Duration HOUSEKEEPING_INTERVAL = Duration.ofMinutes(15);

    private static final String PAGE = "/ui/*";

    private final URI url;
    private final List<ProjectId> projects;
    private final Optional<Secret> token;
    private final ObjectStore objects;
    private final Optional<URI> metricsUrl;
    private final ResourceStack resources;

    private ErrandServer(
            URI url,
            List<ProjectId> projects,
            Optional<Secret> token,
            ObjectStore objects,
            Optional<URI> metricsUrl,
            ResourceStack resources) {
        this.url = url;
        this.projects = projects;
        this.token = token;
        this.objects = objects;
        this.metricsUrl = metricsUrl;
        this.resources = resources;
    }

    /**
     * Starts a server, which accepts requests when this method returns.
     *
     * @throws InvalidOptionsException if the directory file, the key file, the password file, the
     *     backend URL or the agent program is invalid
     * @throws IOException if the server cannot listen on an address
     * @throws dev.errand.spi.PortException if storage or a directory cannot be opened
     * @throws IllegalStateException if another server of this process uses the work directory
     */
    public static ErrandServer start(ServerOptions options) throws IOException {
        ResourceStack resources = new ResourceStack();
        try {
            return start(options, resources);
        } catch (IOException | RuntimeException | Error failure) {
            resources.close();
            throw failure;
        }
    }

    private static ErrandServer start(ServerOptions options, ResourceStack resources)
            throws IOException {
        Optional<Secret> token =
                options.directory().isPresent()
                        ? Optional.empty()
                        : Optional.of(TokenRegistry.random());
        FileProjectDirectory directory =
                options.directory()
                        .map(DirectoryFile::read)
                        .orElseGet(
                                () -> FileProjectDirectory.withSingleProject(token.orElseThrow()));
        ServerKeys keys =
                KeyFile.of(options)
                        .map(KeyFile::readOrCreate)
                        .map(ServerKeys::of)
                        .orElseGet(ServerKeys::random);
        RsaSigningKey connectionKey = ConnectionKeyFile.keyOf(options);
        Backend backend = resources.add(BackendOpener.open(options, keys, Clock.systemUTC()));
        warnIfArtifactsAreVolatile(options, backend);
        Optional<ServerMeters> meters =
                options.metrics().map(address -> resources.add(new ServerMeters(backend)));
        Optional<URI> metricsUrl =
                meters.isEmpty()
                        ? Optional.empty()
                        : Optional.of(serve(meters.get(), options.metrics().get(), resources));
        LocalObjectStore objects = open(options.objects(), backend.clock());
        // Opened first because other resources need its address.
        ApiHttpServer http = ApiHttpServer.open(options.host(), options.port());
        try {
            URI publicUrl = options.publicUrl().orElse(http.url());
            LogLinks logLinks = LogLinks.of(publicUrl, keys.logLinks(), backend.clock());
            Errand.Builder builder =
                    Errand.builder(backend, objects, directory)
                            .links(logLinks)
                            .options(EngineOptions.DEFAULT.withLogLimit(options.logLimit()))
                            .profile(options.profile())
                            .sandboxTokenKey(keys.sandboxTokens())
                            .connectionTokens(
                                    RsaConnectionTokens.of(connectionKey)
                                            .withAudience(options.connections().audience())
                                            .withLifetime(options.connections().lifetime()))
                            .commands(
                                    resources.add(
                                            HttpCommandSender.start(
                                                    options.connections().hosts())));
            meters.ifPresent(each -> builder.listener(each.errand()));
            Errand errand = resources.add(builder.build());
            resources
                    .add(
                            errand.housekeeper(
                                    options.retention(),
                                    meters.map(ServerMeters::errand).stream()
                                            .toArray(HousekeepingListener[]::new)))
                    .start(HOUSEKEEPING_INTERVAL);
            Optional<ProcessLauncher> launcher =
                    options.agents()
                            .map(agents -> dispatch(errand, agents, http.url(), meters, resources));
            http.serve(
                    ErrandServlet.builder(
                                    errand, Authenticator.ofBearerTokens(directory::authenticate))
                            .publicUrl(publicUrl)
                            .objects(objects)
                            .logLinks(logLinks)
                            .activeProject(directory::activeProject)
                            .trafficLimits(options.traffic())
                            .build(),
                    others(
                            options.operatorPage(),
                            new DescriptionServlet(
                                    errand, backend, directory, launcher, options.agents()),
                            new JwksServlet(connectionKey.jwks())),
                    backend);
        } finally {
            // Added last and therefore closed first: requests end before the resources that serve
            // them.
            resources.add(http);
        }
        return new ErrandServer(
                http.url(), directory.projects(), token, objects, metricsUrl, resources);
    }

    private static Map<String, Servlet> others(
            OperatorPage page, Servlet descriptions, Servlet keys) {
        Map<String, Servlet> servlets = new HashMap<>();
        servlets.put(DescriptionServlet.PATH, descriptions);
        servlets.put(JwksServlet.PATH, keys);
        switch (page) {
            case NONE -> {}
            case READ_ONLY -> servlets.put(PAGE, OperatorPageServlet.readOnly());
            case ACTIONS -> servlets.put(PAGE, OperatorPageServlet.withActions());
        }
        return servlets;
    }

    private static URI serve(ServerMeters meters, MetricsAddress address, ResourceStack resources)
            throws IOException {
        return resources.add(MetricsHttpServer.start(address, meters::text)).url();
    }

    private static void warnIfArtifactsAreVolatile(ServerOptions options, Backend backend) {
        if (backend.capabilities().contains(BackendCapability.DURABLE)
                && options.objects() instanceof ObjectStoreLocation.InMemory) {
            LOG.warn(
                    "artifacts are kept in memory and are lost when this process ends, while the database still names them; use --objects file:DIR");
        }
    }

    private static void warnAboutSharedUsers(AgentOptions agents) {
        List<String> users = agents.sandboxes().users();
        if (users.isEmpty()) {
            LOG.warn(
                    "agents run as the user of this server, {}: they can read its files, its environment and the secrets of other runs, and can stop it; use --sandbox-user, or let --agent-command start a container",
                    System.getProperty("user.name"));
        } else if (users.size() == 1 && agents.slots() > 1) {
            LOG.warn(
                    "all agents run as the user {}: they can read each other's files and secrets; name a user for each slot with --sandbox-user",
                    users.get(0));
        }
    }

    private static LocalObjectStore open(ObjectStoreLocation location, Clock clock) {
        if (location instanceof ObjectStoreLocation.InDirectory inDirectory) {
            return FileObjectStore.open(inDirectory.directory(), clock);
        }
        return InMemoryObjectStore.builder(clock, TokenRegistry.random())
                .maxTotalSizeInBytes(Runtime.getRuntime().maxMemory() / 8)
                .build();
    }

    private static ProcessLauncher dispatch(
            Errand errand,
            AgentOptions agents,
            URI apiUrl,
            Optional<ServerMeters> meters,
            ResourceStack resources) {
        AgentProgramCheck.problem(agents, System.getenv())
                .ifPresent(
                        problem -> {
                            throw InvalidOptionsException.of(problem);
                        });
        Path workDirectory =
                agents.workDirectory()
                        .orElseGet(() -> resources.add(TemporaryDirectory.create()).path());
        ProcessLauncherBuilder builder =
                agents.selection()
                        .launcher(workDirectory)
                        .grace(agents.gracePeriod())
                        .cleanupPolicy(
                                agents.workDirectory().isPresent()
                                        ? CleanupPolicy.KEEP_FAILED
                                        : CleanupPolicy.DELETE)
                        .keepFor(agents.sandboxes().keepFor())
                        .maxDiskBytes(agents.sandboxes().maxDiskBytes())
                        .closeAction(
                                agents.stopsOnShutdown()
                                        ? CloseAction.STOP
                                        : CloseAction.LEAVE_RUNNING);
        agents.sandboxes().maxMemoryBytes().ifPresent(builder::maxMemoryBytes);
        if (agents.workDirectory().isEmpty()) {
            builder.temporaryWorkDirectory();
        }
        try {
            builder.inheritVariables(agents.inheritedVariables().toArray(String[]::new));
            agents.variables().forEach(builder::variable);
            builder.sandboxUsers(agents.sandboxes().users().toArray(String[]::new));
        } catch (IllegalArgumentException invalidVariable) {
            throw InvalidOptionsException.of(Objects.requireNonNull(invalidVariable.getMessage()));
        }
        warnAboutSharedUsers(agents);
        agents.repositories()
                .map(it -> resources.add(Repositories.open(it, agents, workDirectory)))
                .ifPresent(builder::workspaces);
        ProcessLauncher launcher;
        try {
            launcher = resources.add(builder.build());
        } catch (IllegalArgumentException unusableUser) {
            throw InvalidOptionsException.of(
                    "--sandbox-user: " + Objects.requireNonNull(unusableUser.getMessage()));
        }
        DispatchOptions options = DispatchOptions.of("server-" + UUID.randomUUID());
        Dispatcher dispatcher =
                errand.dispatcher(
                        launcher,
                        options.withSlots(agents.slots())
                                .withTimeouts(
                                        options.timeouts()
                                                .withTotal(agents.timeLimit())
                                                .withLaunch(Repositories.launchLimit(agents))
                                                .withInactivity(agents.inactivityLimit()))
                                .withGracePeriods(
                                        options.gracePeriods().withStop(agents.gracePeriod()))
                                .withLeaseDuration(agents.leaseDuration())
                                .withApiUrl(apiUrl),
                        meters.map(ServerMeters::errand).stream().toArray(DispatchListener[]::new));
        // The collector distinguishes servers by their addresses.
        meters.ifPresent(
                each -> {
                    each.errand().watchDispatcher("server", dispatcher::supervisedRuns);
                    each.watchSandboxes(launcher);
                });
        resources.add(dispatcher).start();
        return launcher;
    }

    /** Returns the base URL in front of {@code /api}, as seen from this machine. */
    public URI url() {
        return url;
    }

    /** Returns the URL of the metrics, as seen from this machine, or empty if none are served. */
    public Optional<URI> metricsUrl() {
        return metricsUrl;
    }

    /** Returns the projects in the order of the directory file. */
    public List<ProjectId> projects() {
        return projects;
    }

    /**
     * Returns the token that was generated for this server, or empty if a directory file defines
     * tokens.
     */
    public Optional<Secret> token() {
        return token;
    }

    /** Returns the store of artifact contents. */
    public ObjectStore objects() {
        return objects;
    }

    /**
     * Stops the server: it rejects new requests and waits up to 30 seconds for running ones. Then
     * it releases leases, stops agents or leaves them to the next server as configured, and closes
     * storage. Calling it again has no effect.
     */
    @Override
    public void close() {
        resources.close();
    }
}
