package dev.errand.mutants;

import dev.errand.spi.Backend;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Optional;

/** One call of a broken method, and the whole one behind it. */
public final class Call {

    /** Under which the memory counts how often the backend was closed. */
    static final Object RESTARTS = new Object();

    private final Object whole;
    private final Method method;
    private final Object[] arguments;
    private final Optional<Backend> backend;
    private final Map<Object, Object> memory;

    Call(
            Object whole,
            Method method,
            Object[] arguments,
            Optional<Backend> backend,
            Map<Object, Object> memory) {
        this.whole = whole;
        this.method = method;
        this.arguments = arguments;
        this.backend = backend;
        this.memory = memory;
    }

    /** What the method was given. */
    @SuppressWarnings("unchecked") // Whoever breaks a method knows what it takes.
    <T> T given(int index) {
        return (T) arguments[index];
    }

    /** The whole port. */
    @SuppressWarnings("unchecked") // Whoever breaks a method knows whose it is.
    <T> T whole() {
        return (T) whole;
    }

    /** What the whole method answers. */
    Object proceed() {
        return proceedWith(0, arguments[0]);
    }

    /** What the whole method answers, if one argument is another. */
    Object proceedWith(int index, Object other) {
        Object[] changed = arguments.clone();
        changed[index] = other;
        try {
            return method.invoke(whole, changed);
        } catch (InvocationTargetException thrown) {
            if (thrown.getCause() instanceof RuntimeException asPromised) {
                throw asPromised;
            }
            throw new IllegalStateException(thrown.getCause());
        } catch (IllegalAccessException hidden) {
            throw new IllegalStateException(hidden);
        }
    }

    /** The whole backend, of a broken storage port. */
    Backend backend() {
        return backend.orElseThrow();
    }

    /** How often a node of the backend was closed before. */
    int restarts() {
        return (int) memory.getOrDefault(RESTARTS, 0);
    }

    /** What the broken method remembers from one call to the next. */
    Map<Object, Object> memory() {
        return memory;
    }
}
