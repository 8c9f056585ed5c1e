package dev.errand.testing.engine;

import dev.errand.spi.PortException;
import dev.errand.spi.store.Backend;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Makes storage unavailable, and runs actions before calls. Thread-safe. */
final class FailingStorage {

    private final Map<String, Runnable> before = new ConcurrentHashMap<>();
    private volatile boolean away;

    /** Makes every method of every port fail with a retryable exception. */
    void fail() {
        away = true;
    }

    /** Makes storage available again. */
    void restore() {
        away = false;
    }

    /** Runs an action before the next call of a port method with this name. */
    void beforeNext(String method, Runnable action) {
        before.put(method, action);
    }

    /** Returns a wrapper of the backend whose ports fail as configured. */
    Backend before(Backend real) {
        return (Backend) before(Backend.class, real);
    }

    private Object before(Class<?> type, Object target) {
        return Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> {
                    boolean isPort =
                            target instanceof Backend
                                    && method.getReturnType().isInterface()
                                    && method.getReturnType().getName().startsWith("dev.errand");
                    if (away && !(target instanceof Backend)) {
                        throw PortException.retryable(type.getSimpleName(), "connection lost");
                    }
                    Optional.ofNullable(before.remove(method.getName())).ifPresent(Runnable::run);
                    Object answer = invoke(target, method, arguments);
                    return isPort ? before(method.getReturnType(), answer) : answer;
                });
    }

    private static Object invoke(Object target, Method method, Object[] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }
}
