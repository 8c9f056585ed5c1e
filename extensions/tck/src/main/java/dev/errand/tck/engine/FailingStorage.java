package dev.errand.tck.engine;

import dev.errand.spi.Backend;
import dev.errand.spi.BackendException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** Puts itself before a storage that is away for as long as a test says. Thread-safe. */
final class FailingStorage {

    private volatile boolean away;

    /** From now on every method of every port fails with something that may pass. */
    void fail() {
        away = true;
    }

    /** Everything works again. */
    void mend() {
        away = false;
    }

    /** The storage with this before each of its ports. */
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
                        throw BackendException.retryable(
                                type.getSimpleName(), "connection lost", null);
                    }
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
