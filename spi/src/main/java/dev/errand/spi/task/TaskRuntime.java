package dev.errand.spi.task;

import dev.errand.spi.WireValue;
import java.util.Map;
import java.util.Optional;

/** The protocol that the agent of a task speaks, chosen at its creation (docs/wire/tasks.md#l7). */
public enum TaskRuntime implements WireValue {
    ACP("acp"),
    PI("pi");

    private static final Map<String, TaskRuntime> BY_WIRE = WireValue.index(values());

    private final String wire;

    TaskRuntime(String wire) {
        this.wire = wire;
    }

    /** Finds the constant with the given wire value. */
    public static Optional<TaskRuntime> fromWire(String wire) {
        return Optional.ofNullable(BY_WIRE.get(wire));
    }

    @Override
    public String wire() {
        return wire;
    }
}
