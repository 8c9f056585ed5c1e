package dev.errand.http;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Wraps ports and throws a given failure instead of calling them. */
final class FailingPorts {

    private final AtomicReference<Failure> failure = new AtomicReference<>();

    /** The failure of one method, or of all methods if it is null. */
    private record Failure(String method, int callsBefore, Throwable thrown) {}

    /** Fails all methods from now on. */
    void failWith(Throwable thrown) {
        failure.set(new Failure(null, 0, thrown));
    }

    /** Fails this method after some successful calls. */
    void failWith(String method, int callsBefore, Throwable thrown) {
        failure.set(new Failure(method, callsBefore, thrown));
    }

    /** Stops failing. */
    void recover() {
        failure.set(null);
    }

    /** Wraps a port, or a backend and all its ports. */
    <T> T wrap(Class<T> type, T target) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) -> {
                            boolean bundled =
                                    method.getParameterCount() == 0
                                            && method.getReturnType().isInterface()
                                            && method.getReturnType()
                                                    .getName()
                                                    .startsWith("dev.errand.spi.");
                            if (!bundled && method.getDeclaringClass() != Object.class) {
                                throwIfPlanned(method.getName());
                            }
                            Object answer = invoke(target, method, arguments);
                            return bundled ? wrapAny(method.getReturnType(), answer) : answer;
                        }));
    }

    private <P> Object wrapAny(Class<P> type, Object port) {
        return wrap(type, type.cast(port));
    }

    private void throwIfPlanned(String method) throws Throwable {
        Failure planned =
                failure.getAndUpdate(
                        now ->
                                now == null || now.method == null || !now.method.equals(method)
                                        ? now
                                        : new Failure(method, now.callsBefore - 1, now.thrown));
        boolean hit =
                Optional.ofNullable(planned)
                        .filter(it -> it.method == null || it.method.equals(method))
                        .filter(it -> it.callsBefore <= 0)
                        .isPresent();
        if (hit && !method.equals("clock")) {
            throw planned.thrown;
        }
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
