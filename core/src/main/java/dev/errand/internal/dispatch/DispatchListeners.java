package dev.errand.internal.dispatch;

import dev.errand.dispatch.DispatchEvent;
import dev.errand.dispatch.DispatchListener;
import dev.errand.internal.engine.UncaughtErrors;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls the listeners of a dispatcher, in their order. Thread-safe. */
final class DispatchListeners {

    private static final Logger LOG = LoggerFactory.getLogger(DispatchListeners.class);

    private final List<DispatchListener> listeners;

    DispatchListeners(List<DispatchListener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    /** Calls each listener; one that throws is logged and hinders no other. */
    void publish(DispatchEvent event) {
        for (DispatchListener listener : listeners) {
            try {
                listener.onEvent(event);
            } catch (RuntimeException | Error failure) {
                LOG.warn(
                        "dispatch listener {} failed on {}",
                        listener,
                        event.getClass().getSimpleName(),
                        failure);
                UncaughtErrors.report(failure);
            }
        }
    }
}
