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
     * Returns the backend, with one port replaced if the mutant breaks a storage port. Closing
     * loses nothing, so that the backend declares to be durable.
     */
    public static Backend backend(Mutant mutant, Backend whole) {
        Map<Object, Object> memory = new ConcurrentHashMap<>();
        return proxy(
                Backend.class,
                (proxy, method, arguments) -> {
                    Object answer = invoke(method, whole, arguments);
                    if (method.getName().equals("close")) {
                        memory.merge(Call.RESTARTS, 1, (one, more) -> (int) one + (int) more);
                    }
                    if (method.getName().equals("capabilities")) {
                        return Set.of(BackendCapability.DURABLE);
                    }
                    return method.getReturnType() == mutant.port()
                            ? port(mutant, mutant.port(), answer, Optional.of(whole), memory)
                            : answer;
                });
    }

    /** Returns the object store, or the mutant if it breaks object stores. */
    public static LocalObjectStore objects(Mutant mutant, LocalObjectStore whole) {
        return mutant.port() == LocalObjectStore.class
                ? port(
                        mutant,
                        LocalObjectStore.class,
                        whole,
                        Optional.empty(),
                        new ConcurrentHashMap<>())
                : whole;
    }

    /** Returns the launcher, or the mutant if it breaks launchers. */
    public static SandboxLauncher launcher(Mutant mutant, SandboxLauncher whole) {
        return mutant.port() == SandboxLauncher.class
                ? port(
                        mutant,
                        SandboxLauncher.class,
                        whole,
                        Optional.empty(),
                        new ConcurrentHashMap<>())
                : whole;
    }

    /** Returns a port of the host, or the mutant if it breaks that port. */
    public static <T> T host(Mutant mutant, Class<T> port, T whole) {
        return mutant.port() == port
                ? port(mutant, port, whole, Optional.empty(), new ConcurrentHashMap<>())
                : whole;
    }

    private static <T> T port(
            Mutant mutant,
            Class<T> port,
            Object whole,
            Optional<Backend> backend,
            Map<Object, Object> memory) {
        return proxy(
                port,
                (proxy, method, arguments) ->
                        method.getName().equals(mutant.method())
                                ? mutant.defect()
                                        .answer(new Call(whole, method, arguments, backend, memory))
                                : invoke(method, whole, arguments));
    }

    private static Object invoke(Method method, Object whole, Object[] arguments) throws Throwable {
        try {
            return method.invoke(whole, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
