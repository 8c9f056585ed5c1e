package dev.errand.internal.dispatch;

import dev.errand.dispatch.DispatchOptions;
import dev.errand.spi.run.RunId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The open dispatchers and worker pools of one engine. Thread-safe. */
public final class DispatcherRegistry {

    private static final DispatchOptions DEFAULT_OPTIONS = DispatchOptions.of("default");

    private final List<Registration> registrations = new CopyOnWriteArrayList<>();

    /** A registered dispatcher or worker pool. */
    final class Registration implements AutoCloseable {
        private final Consumer<RunId> check;
        private final Optional<DispatchOptions> options;

        private Registration(Consumer<RunId> check, Optional<DispatchOptions> options) {
            this.check = check;
            this.options = options;
        }

        /** Removes the registration. */
        @Override
        public void close() {
            registrations.remove(this);
        }
    }

    /**
     * Adds a dispatcher or worker pool.
     *
     * @param check called for each run that was queued or must be stopped
     * @param options the options of a dispatcher
     */
    Registration register(Consumer<RunId> check, Optional<DispatchOptions> options) {
        Registration registration = new Registration(check, options);
        registrations.add(registration);
        return registration;
    }

    /** Triggers a check of a run by every dispatcher and worker pool. */
    public void check(RunId run) {
        registrations.forEach(registration -> registration.check.accept(run));
    }

    /**
     * Returns the options of the dispatcher that was added last, or the defaults if there is none.
     */
    public DispatchOptions options() {
        DispatchOptions last = DEFAULT_OPTIONS;
        for (Registration registration : registrations) {
            last = registration.options.orElse(last);
        }
        return last;
    }
}
