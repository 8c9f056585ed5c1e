package dev.errand;

import dev.errand.access.Caller;
import dev.errand.access.SandboxTokens;
import dev.errand.config.EngineOptions;
import dev.errand.config.IdGenerator;
import dev.errand.config.LinkProvider;
import dev.errand.config.WatchOptions;
import dev.errand.dispatch.DispatchListener;
import dev.errand.dispatch.DispatchOptions;
import dev.errand.dispatch.Dispatcher;
import dev.errand.dispatch.WorkHandler;
import dev.errand.dispatch.Worker;
import dev.errand.dispatch.WorkerPool;
import dev.errand.error.AccessDeniedException;
import dev.errand.error.NotFoundException;
import dev.errand.internal.dispatch.DefaultDispatcher;
import dev.errand.internal.dispatch.DispatcherRegistry;
import dev.errand.internal.dispatch.WorkerPoolBuilder;
import dev.errand.internal.engine.AccessControl;
import dev.errand.internal.engine.DefaultHousekeeper;
import dev.errand.internal.engine.DefaultWorker;
import dev.errand.internal.engine.Engine;
import dev.errand.internal.engine.ObjectTagger;
import dev.errand.internal.engine.RunEventPublisher;
import dev.errand.internal.engine.RunLogWriter;
import dev.errand.internal.rules.ObjectPaths;
import dev.errand.internal.watch.RunWatchers;
import dev.errand.internal.wire.RequestValidator;
import dev.errand.profile.ApiProfile;
import dev.errand.retention.Housekeeper;
import dev.errand.retention.HousekeepingListener;
import dev.errand.retention.RetentionPolicy;
import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.ObjectKeys;
import dev.errand.spi.artifact.ObjectStore;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.run.MessageRelay;
import dev.errand.spi.run.ModelCatalogue;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunListener;
import dev.errand.spi.sandbox.CommandSender;
import dev.errand.spi.sandbox.ConnectionTokens;
import dev.errand.spi.sandbox.SandboxLauncher;
import dev.errand.spi.store.Backend;
import dev.errand.spi.task.UsageCosts;
import jakarta.validation.Validator;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The engine: an embedded Tasks API. It stores tasks for coding agents in the backend and the
 * object store of the host.
 *
 * <p>Create one instance per application with {@link #builder}, and obtain a {@link ProjectClient}
 * for each request with {@link #project}. To execute runs, create a {@linkplain #dispatcher
 * dispatcher} or a {@linkplain #workerPool worker pool}.
 *
 * <p>An idle instance has no threads. This class is thread-safe.
 */
public final class Errand implements AutoCloseable {

    private static final int TOKEN_KEY_BYTES = 32;

    private final Engine engine;
    private final SandboxTokens sandboxTokens;
    private final DispatcherRegistry dispatchers = new DispatcherRegistry();

    private Errand(Builder builder) {
        Clock clock = builder.clock == null ? builder.backend.clock() : builder.clock;
        Random random = builder.random == null ? new SecureRandom() : builder.random;
        RunWatchers watchers =
                new RunWatchers(
                        builder.backend,
                        clock,
                        builder.watchOptions,
                        Optional.ofNullable(builder.watchExecutor));
        RunEventPublisher events =
                new RunEventPublisher(
                        builder.listeners, builder.backend::hostTransaction, watchers::changed);
        this.engine =
                new Engine(
                        builder.backend,
                        builder.objects,
                        builder.directory,
                        clock,
                        builder.ids == null ? IdGenerator.of(random) : builder.ids,
                        random,
                        builder.options,
                        new ObjectTagger(builder.objects),
                        builder.links,
                        events,
                        new RunLogWriter(
                                builder.backend,
                                builder.options.logLimit(),
                                clock,
                                watchers::changed,
                                events::publish),
                        builder.relay,
                        builder.models,
                        builder.usageCosts,
                        Optional.ofNullable(builder.connectionTokens),
                        builder.commands,
                        new RequestValidator(
                                builder.validator == null
                                        ? RequestValidator.defaultValidator()
                                        : builder.validator,
                                builder.profile),
                        watchers,
                        this::checkRun);
        Secret tokenKey =
                builder.sandboxTokenKey == null ? randomKey(random) : builder.sandboxTokenKey;
        this.sandboxTokens = new SandboxTokens(tokenKey, clock);
    }

    /**
     * Makes the dispatchers and worker pools of this engine and other nodes check a run. In a
     * transaction of the host, this happens after the commit.
     */
    private void checkRun(RunId run) {
        engine.afterCommit(
                () -> {
                    dispatchers.check(run);
                    engine.backend().signals().ifPresent(signals -> signals.send(run));
                });
    }

    private static Secret randomKey(Random random) {
        byte[] key = new byte[TOKEN_KEY_BYTES];
        random.nextBytes(key);
        return Secret.of(HexFormat.of().formatHex(key));
    }

    /**
     * Returns a builder for an engine.
     *
     * @param backend stores tasks and runs; not closed by the engine
     * @param objects stores artifacts; not closed by the engine
     * @param directory knows the projects, users and GitHub connections of the host
     */
    public static Builder builder(
            Backend backend, ObjectStore objects, ProjectDirectory directory) {
        return new Builder(backend, objects, directory);
    }

    /**
     * Returns the operations on one project for one caller.
     *
     * @throws NotFoundException if the directory has no such project
     * @throws AccessDeniedException if the caller has no access to the project
     *     (docs/wire/authentication.md#c2)
     */
    public ProjectClient project(ProjectId project, Caller caller) {
        if (engine.directory().findProject(project).isEmpty()) {
            throw new NotFoundException();
        }
        if (!caller.projects().includes(project)) {
            throw AccessDeniedException.projectNotAccessible();
        }
        return new ProjectClient(
                engine, new AccessControl(project, caller), dispatchers, sandboxTokens);
    }

    /**
     * Creates a housekeeper, which erases data. It does nothing until {@link Housekeeper#start} or
     * {@link Housekeeper#runOnce} is called. The host closes it before the engine.
     *
     * @param listeners called with the result of each pass, in this order
     */
    public Housekeeper housekeeper(RetentionPolicy policy, HousekeepingListener... listeners) {
        return new DefaultHousekeeper(engine, policy, List.of(listeners));
    }

    /** Returns the version of the API that this engine serves. */
    public ApiProfile profile() {
        return engine.profile();
    }

    /**
     * Returns the issuer and verifier of sandbox tokens, for a host that authenticates callers
     * itself.
     */
    public SandboxTokens sandboxTokens() {
        return sandboxTokens;
    }

    /**
     * Whether an upload form for a key may still be used: the task that the key belongs to exists
     * and is not deleted (docs/wire/artifacts.md#h5). For a host that passes uploads to a {@link
     * dev.errand.spi.artifact.LocalObjectStore} itself.
     */
    public boolean acceptsUpload(String key) {
        ObjectPaths paths = new ObjectPaths(engine.options().objectFolder());
        return ObjectKeys.projectOf(key)
                .filter(
                        project ->
                                paths.taskOf(project, key)
                                        .flatMap(
                                                task ->
                                                        engine.backend()
                                                                .tasks()
                                                                .find(project, task))
                                        .isPresent())
                .isPresent();
    }

    /**
     * Creates a dispatcher that executes queued runs whose environment is {@code cloud}, on threads
     * of its own. It does nothing until {@link Dispatcher#start} or {@link Dispatcher#runOnce} is
     * called. The host closes it before the engine.
     *
     * <p>{@link dev.errand.run.Runs#describe} uses the options of the open dispatcher that was
     * created last.
     *
     * @param launcher launches the sandboxes; the host closes it after the dispatcher
     * @param listeners called for each event of the dispatcher, in this order
     */
    public Dispatcher dispatcher(
            SandboxLauncher launcher, DispatchOptions options, DispatchListener... listeners) {
        return new DefaultDispatcher(
                engine,
                sandboxTokens,
                dispatchers,
                launcher,
                options,
                List.of(listeners),
                Optional.empty());
    }

    /**
     * Creates a dispatcher that, once started, runs on an executor of the host. With Java 21 or
     * later that can be an executor of virtual threads.
     *
     * @param launcher launches the sandboxes; the host closes it after the dispatcher
     * @param listeners called for each event of the dispatcher, in this order
     * @param executor runs the loop of the dispatcher and its launch, inspect and stop steps. The
     *     loop occupies one thread while the dispatcher is started. The executor must be able to
     *     execute {@link DispatchOptions#slots slots} + 1 commands at the same time. The host shuts
     *     it down after the dispatcher is closed
     */
    public Dispatcher dispatcher(
            SandboxLauncher launcher,
            DispatchOptions options,
            List<DispatchListener> listeners,
            Executor executor) {
        return new DefaultDispatcher(
                engine,
                sandboxTokens,
                dispatchers,
                launcher,
                options,
                listeners,
                Optional.of(executor));
    }

    /**
     * Returns a builder for a worker pool, which executes runs in the host's own process. The host
     * closes the pool before the engine.
     *
     * @param handler executes the runs
     */
    public WorkerPool.Builder workerPool(WorkHandler handler) {
        return new WorkerPoolBuilder(engine, dispatchers, handler);
    }

    /**
     * Creates a worker, with which a host claims runs and records their final results by explicit
     * calls. Most hosts use a {@linkplain #workerPool worker pool} instead.
     *
     * @param scope the projects whose runs it claims
     * @param node name of this process in leases; unique among all processes on one storage
     * @param leaseDuration time after which a lease expires unless it is renewed
     * @throws IllegalArgumentException if {@code node} is blank or {@code leaseDuration} is not
     *     positive
     */
    public Worker worker(ProjectScope scope, String node, Duration leaseDuration) {
        return new DefaultWorker(engine, scope, node, leaseDuration);
    }

    /**
     * Ends all watches with a {@link java.util.concurrent.CancellationException}. Delivers the
     * remaining events to listeners, for at most ten seconds, and abandons the rest. The backend,
     * the object store and dispatchers are not closed.
     */
    @Override
    public void close() {
        engine.watchers().close();
        engine.events().close();
    }

    /**
     * A builder for an engine. Every setting is optional. Setting a value again replaces it, except
     * that each call of {@link #listener} adds a listener.
     *
     * <p>A builder is not thread-safe. It can be used for several engines.
     */
    public static final class Builder {
        private final Backend backend;
        private final ObjectStore objects;
        private final ProjectDirectory directory;
        private final List<RunListener> listeners = new ArrayList<>();
        private EngineOptions options = EngineOptions.DEFAULT;
        private ApiProfile profile = ApiProfile.V2026_05;
        private LinkProvider links = LinkProvider.none();
        private MessageRelay relay = MessageRelay.NONE;
        private @Nullable ConnectionTokens connectionTokens;
        private CommandSender commands = CommandSender.NONE;
        private WatchOptions watchOptions = WatchOptions.DEFAULT;
        private @Nullable Executor watchExecutor;
        private ModelCatalogue models = ModelCatalogue.UNAVAILABLE;
        private UsageCosts usageCosts = UsageCosts.NONE;
        private @Nullable Clock clock;
        private @Nullable Random random;
        private @Nullable IdGenerator ids;
        private @Nullable Validator validator;
        private @Nullable Secret sandboxTokenKey;

        private Builder(Backend backend, ObjectStore objects, ProjectDirectory directory) {
            this.backend = Objects.requireNonNull(backend, "backend");
            this.objects = Objects.requireNonNull(objects, "objects");
            this.directory = Objects.requireNonNull(directory, "directory");
        }

        /** Sets the clock for all recorded times. The default is the clock of the backend. */
        public Builder clock(Clock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Sets the source of ids, tokens and jitter, which must be unpredictable outside of tests.
         * The default is a {@link SecureRandom}.
         */
        public Builder random(Random random) {
            this.random = Objects.requireNonNull(random, "random");
            return this;
        }

        /**
         * Sets the id generator. The default is {@link IdGenerator#of} with the source set by
         * {@link #random}.
         */
        public Builder ids(IdGenerator ids) {
            this.ids = Objects.requireNonNull(ids, "ids");
            return this;
        }

        /**
         * Sets the validator of requests. It must discover value extractors with {@link
         * java.util.ServiceLoader}, as validators do by default. The default is a Hibernate
         * Validator.
         */
        public Builder validator(Validator validator) {
            this.validator = Objects.requireNonNull(validator, "validator");
            return this;
        }

        /** Sets the engine options. The default is {@link EngineOptions#DEFAULT}. */
        public Builder options(EngineOptions options) {
            this.options = Objects.requireNonNull(options, "options");
            return this;
        }

        /**
         * Sets the version of the API. The default is {@link ApiProfile#V2026_05}. Engines with
         * different profiles can serve the same backend.
         */
        public Builder profile(ApiProfile profile) {
            this.profile = Objects.requireNonNull(profile, "profile");
            return this;
        }

        /**
         * Sets the provider of the links to the logs of runs, which responses contain as {@code
         * log_url}. The default is {@link LinkProvider#none}.
         */
        public Builder links(LinkProvider links) {
            this.links = Objects.requireNonNull(links, "links");
            return this;
        }

        /**
         * Sets the relay that delivers messages of agents to chat threads (docs/wire/runs.md#i12).
         * The default is {@link MessageRelay#NONE}.
         */
        public Builder relay(MessageRelay relay) {
            this.relay = Objects.requireNonNull(relay, "relay");
            return this;
        }

        /**
         * Sets the models that clients may offer to users (docs/wire/tasks.md#l8). The default is
         * {@link ModelCatalogue#UNAVAILABLE}.
         */
        public Builder models(ModelCatalogue models) {
            this.models = Objects.requireNonNull(models, "models");
            return this;
        }

        /**
         * Sets the issuer of connection tokens (docs/wire/runs.md#i10). By default there are none.
         */
        public Builder connectionTokens(ConnectionTokens connectionTokens) {
            this.connectionTokens = Objects.requireNonNull(connectionTokens, "connectionTokens");
            return this;
        }

        /**
         * Sets the source of the costs of tasks (docs/wire/tasks.md#l9). The default is {@link
         * UsageCosts#NONE}.
         */
        public Builder usageCosts(UsageCosts usageCosts) {
            this.usageCosts = Objects.requireNonNull(usageCosts, "usageCosts");
            return this;
        }

        /**
         * Sets the sender of commands to agents (docs/wire/runs.md#i11), which needs {@linkplain
         * #connectionTokens connection tokens}. The default is {@link CommandSender#NONE}.
         *
         * @param commands the host closes it after the engine
         */
        public Builder commands(CommandSender commands) {
            this.commands = Objects.requireNonNull(commands, "commands");
            return this;
        }

        /**
         * Adds a listener for changes of tasks and runs. Listeners are called after a change was
         * committed, in the order in which they were added, by the thread {@code errand-events} of
         * the engine.
         */
        public Builder listener(RunListener listener) {
            listeners.add(Objects.requireNonNull(listener, "listener"));
            return this;
        }

        /** Sets the options of watches. The default is {@link WatchOptions#DEFAULT}. */
        public Builder watchOptions(WatchOptions watchOptions) {
            this.watchOptions = Objects.requireNonNull(watchOptions, "watchOptions");
            return this;
        }

        /**
         * Sets the executor that reads watched runs and calls their subscribers. By default up to
         * four daemon threads are started, which end when they are idle for a second.
         *
         * @param watchExecutor must perform tasks on other threads than the calling one. The host
         *     shuts it down after the engine is closed
         */
        public Builder watchExecutor(Executor watchExecutor) {
            this.watchExecutor = Objects.requireNonNull(watchExecutor, "watchExecutor");
            return this;
        }

        /**
         * Sets the key that signs sandbox tokens. All nodes that serve the same backend need the
         * same key. By default the key is random, so tokens become invalid when the process ends.
         *
         * @param sandboxTokenKey at least 16 characters
         */
        public Builder sandboxTokenKey(Secret sandboxTokenKey) {
            this.sandboxTokenKey = Objects.requireNonNull(sandboxTokenKey, "sandboxTokenKey");
            return this;
        }

        /**
         * Creates the engine.
         *
         * @throws IllegalArgumentException if the token key is too short, or commands are sent
         *     without connection tokens
         */
        public Errand build() {
            if (commands != CommandSender.NONE && connectionTokens == null) {
                throw new IllegalArgumentException("commands need connectionTokens");
            }
            return new Errand(this);
        }
    }
}
