package dev.errand;

import dev.errand.access.Caller;
import dev.errand.access.RunTokens;
import dev.errand.artifact.StagingCleaner;
import dev.errand.config.EngineOptions;
import dev.errand.config.IdGenerator;
import dev.errand.config.LinkProvider;
import dev.errand.dispatch.DispatchListener;
import dev.errand.dispatch.DispatchOptions;
import dev.errand.dispatch.Dispatcher;
import dev.errand.dispatch.Worker;
import dev.errand.error.AccessDeniedException;
import dev.errand.error.NotFoundException;
import dev.errand.error.RequestException;
import dev.errand.internal.dispatch.DefaultDispatcher;
import dev.errand.internal.engine.AccessControl;
import dev.errand.internal.engine.DefaultStagingCleaner;
import dev.errand.internal.engine.DefaultWorker;
import dev.errand.internal.engine.Engine;
import dev.errand.internal.engine.Events;
import dev.errand.internal.engine.PooledSecureRandom;
import dev.errand.internal.engine.Tagging;
import dev.errand.internal.wire.RequestValidator;
import dev.errand.spi.Backend;
import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.ObjectStore;
import dev.errand.spi.dispatch.SandboxLauncher;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.run.MessageRelay;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunListener;
import jakarta.validation.Validator;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The engine: tasks for coding agents, over the storage, object store and directory of a host.
 *
 * <p>Begin with {@link #builder}, then ask for a {@link #project} on behalf of a caller. An engine
 * owns no thread while nothing happens; a {@linkplain #dispatcher dispatcher} owns those that its
 * own documentation names. Thread-safe. Closing it closes nothing that was handed in.
 */
public final class Errand implements AutoCloseable {

    private static final int TOKEN_KEY_BYTES = 32;

    private final Engine engine;
    private final RunTokens runTokens;
    private final List<Consumer<RunId>> wakeUps;
    private volatile DispatchOptions dispatching = DispatchOptions.of("default");

    private Errand(Builder builder) {
        Clock clock = builder.clock == null ? builder.backend.clock() : builder.clock;
        Random random = builder.random == null ? new PooledSecureRandom() : builder.random;
        this.wakeUps = new CopyOnWriteArrayList<>();
        this.engine =
                new Engine(
                        builder.backend,
                        builder.objects,
                        builder.directory,
                        clock,
                        builder.ids == null ? IdGenerator.of(random) : builder.ids,
                        random,
                        builder.policies,
                        new Tagging(builder.objects),
                        builder.links,
                        new Events(builder.listeners),
                        builder.relay,
                        new RequestValidator(
                                builder.validator == null
                                        ? RequestValidator.defaultValidator()
                                        : builder.validator),
                        this::tell);
        Secret tokenKey = builder.runTokenKey == null ? randomKey(random) : builder.runTokenKey;
        this.runTokens = new RunTokens(tokenKey, clock);
    }

    /** Tells who can do something for a run, here and on other nodes. */
    private void tell(RunId run) {
        wakeUps.forEach(wakeUp -> wakeUp.accept(run));
        engine.backend().signals().ifPresent(signals -> signals.send(run));
    }

    private static Secret randomKey(Random random) {
        byte[] key = new byte[TOKEN_KEY_BYTES];
        random.nextBytes(key);
        return Secret.of(HexFormat.of().formatHex(key));
    }

    /**
     * Begins an engine.
     *
     * @param backend where tasks and runs are kept
     * @param objects where artifacts are kept
     * @param directory what only the host knows
     */
    public static Builder builder(
            Backend backend, ObjectStore objects, ProjectDirectory directory) {
        return new Builder(backend, objects, directory);
    }

    /**
     * One project as one caller sees it.
     *
     * @throws RequestException if the project is unknown, or the caller has no access to it
     *     (contract C2)
     */
    public ProjectClient project(ProjectId project, Caller caller) {
        if (engine.directory().findProject(project).isEmpty()) {
            throw new NotFoundException();
        }
        if (!caller.projects().includes(project)) {
            throw AccessDeniedException.projectNotAccessible();
        }
        return new ProjectClient(engine, new AccessControl(project, caller), dispatching);
    }

    /** Deletes what uploads left behind that no run consumed; for a host to call now and then. */
    public StagingCleaner stagingCleaner() {
        return new DefaultStagingCleaner(engine);
    }

    /** The tokens of sandboxes, for a host that authenticates callers. */
    public RunTokens runTokens() {
        return runTokens;
    }

    /**
     * Makes a dispatcher that brings queued cloud runs to execution. It does nothing until it is
     * started or asked to take a step, and the host closes it before the engine.
     *
     * @param launcher starts the sandboxes; closed by the host
     */
    public Dispatcher dispatcher(SandboxLauncher launcher, DispatchOptions options) {
        return dispatcher(launcher, options, DispatchListener.NONE);
    }

    /**
     * Makes such a dispatcher that tells what it does.
     *
     * @param launcher starts the sandboxes; closed by the host
     * @param listener told on the dispatcher's own threads
     */
    public Dispatcher dispatcher(
            SandboxLauncher launcher, DispatchOptions options, DispatchListener listener) {
        Dispatcher dispatcher =
                new DefaultDispatcher(engine, runTokens, launcher, options, listener);
        dispatching = options; // What the last one goes by is what is told of runs.
        wakeUps.add(dispatcher::lookAt);
        return dispatcher;
    }

    /**
     * Makes a worker, with which a host executes runs in its own process.
     *
     * @param scope whose runs it claims
     * @param name who claims, for those who look at a lease; one a process
     * @param leaseFor how long a run may take, unless its lease is renewed
     * @throws IllegalArgumentException if {@code name} is blank or {@code leaseFor} not positive
     */
    public Worker worker(ProjectScope scope, String name, Duration leaseFor) {
        return new DefaultWorker(engine, scope, name, leaseFor);
    }

    /** Tells listeners what is left to tell. */
    @Override
    public void close() {
        engine.events().close();
    }

    /** An engine in the making. Not thread-safe. */
    public static final class Builder {
        private final Backend backend;
        private final ObjectStore objects;
        private final ProjectDirectory directory;
        private final List<RunListener> listeners = new ArrayList<>();
        private EngineOptions policies = EngineOptions.DEFAULT;
        private LinkProvider links = LinkProvider.none();
        private MessageRelay relay = MessageRelay.NONE;
        private Clock clock;
        private Random random;
        private IdGenerator ids;
        private Validator validator;
        private Secret runTokenKey;

        private Builder(Backend backend, ObjectStore objects, ProjectDirectory directory) {
            this.backend = Objects.requireNonNull(backend, "backend");
            this.objects = Objects.requireNonNull(objects, "objects");
            this.directory = Objects.requireNonNull(directory, "directory");
        }

        /** The time of everything that is recorded; the backend's clock unless set. */
        public Builder clock(Clock value) {
            clock = Objects.requireNonNull(value, "clock");
            return this;
        }

        /** Randomness for ids, tokens and jitter; a secure source unless set. */
        public Builder random(Random value) {
            random = Objects.requireNonNull(value, "random");
            return this;
        }

        /** New ids; made from clock and randomness unless set. */
        public Builder ids(IdGenerator value) {
            ids = Objects.requireNonNull(value, "ids");
            return this;
        }

        /**
         * The validator of requests; unless set, a Hibernate Validator of its own. It must find
         * value extractors by their service files, as validators do by default.
         */
        public Builder validator(Validator value) {
            validator = Objects.requireNonNull(value, "validator");
            return this;
        }

        /** What a host may decide; {@link EngineOptions#DEFAULT} unless set. */
        public Builder policies(EngineOptions value) {
            policies = Objects.requireNonNull(value, "policies");
            return this;
        }

        /** Where logs are served; nowhere unless set. */
        public Builder links(LinkProvider value) {
            links = Objects.requireNonNull(value, "links");
            return this;
        }

        /** Takes what agents say to chat threads; nobody does unless set (contract I12). */
        public Builder relay(MessageRelay value) {
            relay = Objects.requireNonNull(value, "relay");
            return this;
        }

        /** Someone to tell of changes; may be called more than once. */
        public Builder listener(RunListener value) {
            listeners.add(Objects.requireNonNull(value, "listener"));
            return this;
        }

        /**
         * The key that sandbox tokens are signed with, at least 16 characters; a random one unless
         * set, and then tokens end with the engine.
         */
        public Builder runTokenKey(Secret value) {
            runTokenKey = Objects.requireNonNull(value, "runTokenKey");
            return this;
        }

        /** Makes the engine. */
        public Errand build() {
            return new Errand(this);
        }
    }
}
