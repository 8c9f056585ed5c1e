package dev.errand.mutants;

import dev.errand.spi.store.Backend;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Optional;

/** One call of a broken method, with access to the original port. */
public final class Call {

    /** Key under which the memory counts how often the backend was closed. */
    static final Object RESTARTS = new Object();

    private final Object original;
    private final Method method;
    private final Object[] arguments;
    private final Optional<Backend> backend;
    private final Map<Object, Object> memory;

    Call(
            Object original,
            Method method,
            Object[] arguments,
            Optional<Backend> backend,
            Map<Object, Object> memory) {
        this.original = original;
        this.method = method;
        this.arguments = arguments;
        this.backend = backend;
        this.memory = memory;
    }

    /** Returns an argument of the call. */
    @SuppressWarnings("unchecked") // A defect knows the parameter types of its method.
    <T> T argument(int index) {
        return (T) arguments[index];
    }

    /** Returns the original port. */
    @SuppressWarnings("unchecked") // A defect knows the port of its method.
    <T> T original() {
        return (T) original;
    }

    /** Calls the original method. */
    Object proceed() {
        return proceedWith(0, arguments[0]);
    }

    /** Calls the original method with one argument replaced. */
    Object proceedWith(int index, Object other) {
        Object[] changed = arguments.clone();
        changed[index] = other;
        try {
            return method.invoke(original, changed);
        } catch (InvocationTargetException thrown) {
            if (thrown.getCause() instanceof RuntimeException declared) {
                throw declared;
            }
            throw new IllegalStateException(thrown.getCause());
        } catch (IllegalAccessException hidden) {
            throw new IllegalStateException(hidden);
        }
    }

    /** Returns the original backend of a broken storage port. */
    Backend backend() {
        return backend.orElseThrow();
    }

    /** Returns how often the backend was closed. */
    int restarts() {
        return (int) memory.getOrDefault(RESTARTS, 0);
    }

    /** Returns a map that is kept between calls of the broken method. */
    Map<Object, Object> memory() {
        return memory;
    }
}
