package dev.errand.mutants;

import dev.errand.spi.artifact.LocalObjectStore;
import dev.errand.spi.sandbox.SandboxLauncher;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.BackendCapability;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Replaces ports by mutants. */
public final class MutantProxies {

    private MutantProxies() {}

    /**
     * Returns the backend, with one port replaced if the mutant breaks a storage port. Closing the
     * backend keeps its data, so it declares the capability {@code DURABLE}.
     */
    public static Backend backend(Mutant mutant, Backend original) {
        Map<Object, Object> memory = new ConcurrentHashMap<>();
        return proxy(
                Backend.class,
                (proxy, method, arguments) -> {
                    Object result = invoke(method, original, arguments);
                    if (method.getName().equals("close")) {
                        memory.merge(Call.RESTARTS, 1, (one, more) -> (int) one + (int) more);
                    }
                    if (method.getName().equals("capabilities")) {
                        return Set.of(BackendCapability.DURABLE);
                    }
                    return method.getReturnType() == mutant.port()
                            ? port(mutant, mutant.port(), result, Optional.of(original), memory)
                            : result;
                });
    }

    /** Returns the object store, or the mutant if it breaks object stores. */
    public static LocalObjectStore objects(Mutant mutant, LocalObjectStore original) {
        return mutant.port() == LocalObjectStore.class
                ? port(
                        mutant,
                        LocalObjectStore.class,
                        original,
                        Optional.empty(),
                        new ConcurrentHashMap<>())
                : original;
    }

    /** Returns the launcher, or the mutant if it breaks launchers. */
    public static SandboxLauncher launcher(Mutant mutant, SandboxLauncher original) {
        return mutant.port() == SandboxLauncher.class
                ? port(
                        mutant,
                        SandboxLauncher.class,
                        original,
                        Optional.empty(),
                        new ConcurrentHashMap<>())
                : original;
    }

    /** Returns a port of the host, or the mutant if it breaks that port. */
    public static <T> T host(Mutant mutant, Class<T> port, T original) {
        return mutant.port() == port
                ? port(mutant, port, original, Optional.empty(), new ConcurrentHashMap<>())
                : original;
    }

    private static <T> T port(
            Mutant mutant,
            Class<T> port,
            Object original,
            Optional<Backend> backend,
            Map<Object, Object> memory) {
        return proxy(
                port,
                (proxy, method, arguments) ->
                        method.getName().equals(mutant.method())
                                ? mutant.defect()
                                        .apply(
                                                new Call(
                                                        original, method, arguments, backend,
                                                        memory))
                                : invoke(method, original, arguments));
    }

    private static Object invoke(Method method, Object original, Object[] arguments)
            throws Throwable {
        try {
            return method.invoke(original, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
