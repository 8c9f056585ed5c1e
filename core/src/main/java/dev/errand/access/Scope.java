package dev.errand.access;

import dev.errand.spi.WireValue;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A scope of an API key (docs/wire/authentication.md#c1). */
public enum Scope implements WireValue {
    /** Read tasks and runs. */
    TASK_READ("task:read"),
    /** Read and change tasks and runs. */
    TASK_WRITE("task:write"),
    /** All scopes. */
    EVERYTHING("*");

    private static final Map<String, Scope> BY_WIRE = WireValue.index(values());

    private final String wire;

    Scope(String wire) {
        this.wire = wire;
    }

    /** Returns the scope with exactly this wire value, or empty if there is none. */
    public static Optional<Scope> fromWire(String wire) {
        return Optional.ofNullable(BY_WIRE.get(wire));
    }

    @Override
    public String wire() {
        return wire;
    }

    /** Returns whether a key with the given scopes has this scope. Writing includes reading. */
    public boolean isGrantedBy(Set<Scope> scopes) {
        return scopes.contains(EVERYTHING)
                || scopes.contains(this)
                || this == TASK_READ && scopes.contains(TASK_WRITE);
    }
}
