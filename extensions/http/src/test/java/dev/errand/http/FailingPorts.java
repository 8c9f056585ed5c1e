package dev.errand.http;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Puts itself before ports and throws in their place, once it is told what. */
final class FailingPorts {

    private final AtomicReference<Failure> failure = new AtomicReference<>();

    /** What is thrown instead of which method; null for every method. */
    private record Failure(String method, int callsBefore, Throwable thrown) {}

    /** From now on every method throws this. */
    void failWith(Throwable thrown) {
        failure.set(new Failure(null, 0, thrown));
    }

    /** After some calls that succeed, this method throws this. */
    void failWith(String method, int callsBefore, Throwable thrown) {
        failure.set(new Failure(method, callsBefore, thrown));
    }

    /** Everything works again. */
    void mend() {
        failure.set(null);
    }

    /** The port, or what bundles ports, with this before it and before all that it bundles. */
    <T> T before(Class<T> type, T target) {
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
                                throwIfDue(method.getName());
                            }
                            Object answer = invoke(target, method, arguments);
                            return bundled ? beforeAny(method.getReturnType(), answer) : answer;
                        }));
    }

    private <P> Object beforeAny(Class<P> type, Object port) {
        return before(type, type.cast(port));
    }

    private void throwIfDue(String method) throws Throwable {
        Failure due =
                failure.getAndUpdate(
                        now ->
                                now == null || now.method == null || !now.method.equals(method)
                                        ? now
                                        : new Failure(method, now.callsBefore - 1, now.thrown));
        boolean hit =
                Optional.ofNullable(due)
                        .filter(it -> it.method == null || it.method.equals(method))
                        .filter(it -> it.callsBefore <= 0)
                        .isPresent();
        if (hit && !method.equals("clock")) {
            throw due.thrown;
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
