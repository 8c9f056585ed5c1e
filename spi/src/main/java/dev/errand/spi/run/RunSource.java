package dev.errand.spi.run;

import dev.errand.spi.WireValue;
import java.util.Map;
import java.util.Optional;

/** The trigger of a run (docs/wire/enums.md#b5). */
public enum RunSource implements WireValue {
    MANUAL("manual"),
    SIGNAL_REPORT("signal_report"),
    AGENT("agent");

    private static final Map<String, RunSource> BY_WIRE = WireValue.index(values());

    private final String wire;

    RunSource(String wire) {
        this.wire = wire;
    }

    /** Finds the constant with the given wire value. */
    public static Optional<RunSource> fromWire(String wire) {
        return Optional.ofNullable(BY_WIRE.get(wire));
    }

    @Override
    public String wire() {
        return wire;
    }
}
