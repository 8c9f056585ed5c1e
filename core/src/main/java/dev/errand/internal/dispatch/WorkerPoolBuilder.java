package dev.errand.internal.dispatch;

import dev.errand.dispatch.DispatchListener;
import dev.errand.dispatch.WorkHandler;
import dev.errand.dispatch.WorkerPool;
import dev.errand.internal.engine.Engine;
import dev.errand.spi.ProjectScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;

/** The implementation of {@link WorkerPool.Builder}. */
public final class WorkerPoolBuilder implements WorkerPool.Builder {

    private static final int DEFAULT_SIZE = 4;
    private static final int DEFAULT_PREFETCH_PER_HANDLER = 2;

    private final Engine engine;
    private final DispatcherRegistry registry;
    private final WorkHandler handler;
    private final List<DispatchListener> listeners = new ArrayList<>();
    private ProjectScope scope = ProjectScope.everyProject();
    private Optional<String> node = Optional.empty();
    private int size = DEFAULT_SIZE;
    private Optional<Integer> prefetch = Optional.empty();
    private Duration leaseDuration = Duration.ofSeconds(30);
    private Duration pollInterval = Duration.ofSeconds(1);
    private Optional<Duration> timeLimit = Optional.empty();
    private Duration gracePeriod = Duration.ofSeconds(10);
    private Optional<Executor> executor = Optional.empty();

    public WorkerPoolBuilder(Engine engine, DispatcherRegistry registry, WorkHandler handler) {
        this.engine = engine;
        this.registry = registry;
        this.handler = Objects.requireNonNull(handler, "handler");
    }

    @Override
    public WorkerPoolBuilder scope(ProjectScope scope) {
        this.scope = Objects.requireNonNull(scope, "scope");
        return this;
    }

    @Override
    public WorkerPoolBuilder node(String node) {
        this.node = Optional.of(node);
        return this;
    }

    @Override
    public WorkerPoolBuilder size(int size) {
        this.size = size;
        return this;
    }

    @Override
    public WorkerPoolBuilder prefetch(int prefetch) {
        this.prefetch = Optional.of(prefetch);
        return this;
    }

    @Override
    public WorkerPoolBuilder leaseDuration(Duration leaseDuration) {
        this.leaseDuration = Objects.requireNonNull(leaseDuration, "leaseDuration");
        return this;
    }

    @Override
    public WorkerPoolBuilder pollInterval(Duration pollInterval) {
        this.pollInterval = Objects.requireNonNull(pollInterval, "pollInterval");
        return this;
    }

    @Override
    public WorkerPoolBuilder timeLimit(Duration timeLimit) {
        this.timeLimit = Optional.of(timeLimit);
        return this;
    }

    @Override
    public WorkerPoolBuilder gracePeriod(Duration gracePeriod) {
        this.gracePeriod = Objects.requireNonNull(gracePeriod, "gracePeriod");
        return this;
    }

    @Override
    public WorkerPoolBuilder listener(DispatchListener listener) {
        listeners.add(Objects.requireNonNull(listener, "listener"));
        return this;
    }

    @Override
    public WorkerPoolBuilder executor(Executor executor) {
        this.executor = Optional.of(executor);
        return this;
    }

    @Override
    public WorkerPool build() {
        return new DefaultWorkerPool(
                engine,
                registry,
                new WorkerPoolOptions(
                        handler,
                        scope,
                        node.orElseGet(
                                () -> "pool-" + Integer.toHexString(engine.random().nextInt())),
                        size,
                        prefetch.orElse(DEFAULT_PREFETCH_PER_HANDLER * size),
                        leaseDuration,
                        pollInterval,
                        timeLimit,
                        gracePeriod,
                        listeners,
                        executor));
    }
}
