package dev.errand.testkit;

import dev.errand.spi.Backend;
import dev.errand.spi.BackendException;
import dev.errand.spi.artifact.ObjectStore;
import dev.errand.spi.dispatch.SandboxLauncher;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.Set;

/** Ports that fail as a plan says, and are else what they were made of. */
public final class Faulty {

    /** What only lets go, or tells what is known anyway. */
    private static final Set<String> NEVER = Set.of("close", "clock", "capabilities");

    private Faulty() {}

    /** A launcher that fails as planned. */
    public static SandboxLauncher launcher(SandboxLauncher real, FaultPlan plan) {
        return port(SandboxLauncher.class, real, plan);
    }

    /** An object store that fails as planned. */
    public static ObjectStore objects(ObjectStore real, FaultPlan plan) {
        return port(ObjectStore.class, real, plan);
    }

    /** A backend whose ports fail as planned. */
    public static Backend backend(Backend real, FaultPlan plan) {
        return proxy(
                Backend.class,
                (method, arguments) -> {
                    Object answer = invoke(method, real, arguments);
                    return NEVER.contains(method.getName()) || !method.getReturnType().isInterface()
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
                                    || NEVER.contains(method.getName());
                    Optional<Fault> fault = safe ? Optional.empty() : plan.next(method.getName());
                    return fault.isEmpty()
                            ? invoke(method, real, arguments)
                            : meet(fault.get(), type, method, real, arguments, plan);
                });
    }

    private static Object meet(
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
            case THROW -> throw BackendException.retryable(name, call + " failed as planned", null);
            case THROW_FOR_GOOD ->
                    throw BackendException.permanent(name, call + " failed as planned", null);
            case LOSE_REPLY -> {
                invoke(method, real, arguments);
                throw BackendException.retryable(name, "the answer of " + call + " is lost", null);
            }
            case REPEAT -> {
                invoke(method, real, arguments);
                yield invoke(method, real, arguments);
            }
            case BE_SLOW -> {
                plan.passTime();
                yield invoke(method, real, arguments);
            }
            case HANG -> {
                plan.hang();
                yield invoke(method, real, arguments);
            }
            case DIE_BEFORE -> throw new NodeDied("before " + name + "." + call);
            case DIE_AFTER -> {
                invoke(method, real, arguments);
                throw new NodeDied("after " + name + "." + call);
            }
        };
    }

    /** What stands for a method. */
    private interface Answering {
        Object answer(Method method, Object[] arguments) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Answering answering) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (self, method, arguments) -> answering.answer(method, arguments)));
    }

    private static Object invoke(Method method, Object real, Object[] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }
}
