package dev.errand.testkit;

import dev.errand.spi.PortException;
import dev.errand.spi.artifact.ObjectStore;
import dev.errand.spi.sandbox.SandboxLauncher;
import dev.errand.spi.store.Backend;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.Set;

/** Wraps ports so that their calls fail according to a {@link FaultPlan}. */
public final class FaultInjection {

    /** Methods that never fail. */
    private static final Set<String> NEVER_FAILING = Set.of("close", "clock", "capabilities");

    private FaultInjection() {}

    /** Returns a launcher that fails as planned and otherwise delegates to {@code real}. */
    public static SandboxLauncher launcher(SandboxLauncher real, FaultPlan plan) {
        return port(SandboxLauncher.class, real, plan);
    }

    /** Returns an object store that fails as planned and otherwise delegates to {@code real}. */
    public static ObjectStore objects(ObjectStore real, FaultPlan plan) {
        return port(ObjectStore.class, real, plan);
    }

    /**
     * Returns a backend whose ports fail as planned and otherwise delegate to those of {@code
     * real}.
     */
    public static Backend backend(Backend real, FaultPlan plan) {
        return proxy(
                Backend.class,
                (method, arguments) -> {
                    Object answer = invoke(method, real, arguments);
                    return NEVER_FAILING.contains(method.getName())
                                    || !method.getReturnType().isInterface()
                            ? answer
                            : port(method.getReturnType(), answer, plan);
                });
    }

    private static <T> T port(Class<T> type, Object real, FaultPlan plan) {
        return proxy(
                type,
                (method, arguments) -> {
                    boolean safe =
                            method.getDeclaringClass() == Object.class
                                    || NEVER_FAILING.contains(method.getName());
                    Optional<Fault> fault = safe ? Optional.empty() : plan.next(method.getName());
                    return fault.isEmpty()
                            ? invoke(method, real, arguments)
                            : inject(fault.get(), type, method, real, arguments, plan);
                });
    }

    private static Object inject(
            Fault fault,
            Class<?> port,
            Method method,
            Object real,
            Object[] arguments,
            FaultPlan plan)
            throws Throwable {
        String name = port.getSimpleName();
        String call = method.getName();
        return switch (fault) {
            case THROW -> throw PortException.retryable(name, call + " failed as planned");
            case THROW_PERMANENT ->
                    throw PortException.permanent(name, call + " failed as planned");
            case LOSE_REPLY -> {
                invoke(method, real, arguments);
                throw PortException.retryable(name, "the reply of " + call + " is lost as planned");
            }
            case REPEAT -> {
                invoke(method, real, arguments);
                yield invoke(method, real, arguments);
            }
            case DELAY -> {
                plan.passTime();
                yield invoke(method, real, arguments);
            }
            case HANG -> {
                plan.hang();
                yield invoke(method, real, arguments);
            }
            case CRASH_BEFORE -> throw new NodeCrashError("before " + name + "." + call);
            case CRASH_AFTER -> {
                invoke(method, real, arguments);
                throw new NodeCrashError("after " + name + "." + call);
            }
        };
    }

    private interface Handler {
        Object handle(Method method, Object[] arguments) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Handler handler) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (self, method, arguments) -> handler.handle(method, arguments)));
    }

    private static Object invoke(Method method, Object real, Object[] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }
}
