package dev.errand.access;

import dev.errand.spi.WireValue;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a key may be used for (contract C1). */
public enum Scope implements WireValue {
    TASK_READ("task:read"),
    TASK_WRITE("task:write"),
    EVERYTHING("*");

    private static final Map<String, Scope> BY_WIRE = WireValue.index(values());

    private final String wire;

    Scope(String wire) {
        this.wire = wire;
    }

    /** Finds the constant with exactly this wire value; empty if there is none. */
    public static Optional<Scope> fromWire(String wire) {
        return Optional.ofNullable(BY_WIRE.get(wire));
    }

    @Override
    public String wire() {
        return wire;
    }

    /** Whether a key with these scopes may do what needs this one: writing includes reading. */
    public boolean isGrantedBy(Set<Scope> scopes) {
        return scopes.contains(EVERYTHING)
                || scopes.contains(this)
                || this == TASK_READ && scopes.contains(TASK_WRITE);
    }
}
