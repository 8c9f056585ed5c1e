package dev.errand.spi.run;

import dev.errand.spi.WireValue;
import java.util.Map;
import java.util.Optional;

/** The family of agent programs that executes a run (docs/wire/enums.md#b6). */
public enum RuntimeAdapter implements WireValue {
    CLAUDE("claude", Provider.ANTHROPIC),
    CODEX("codex", Provider.OPENAI);

    private static final Map<String, RuntimeAdapter> BY_WIRE = WireValue.index(values());

    private final String wire;
    private final Provider provider;

    RuntimeAdapter(String wire, Provider provider) {
        this.wire = wire;
        this.provider = provider;
    }

    /** Finds the constant with the given wire value. */
    public static Optional<RuntimeAdapter> fromWire(String wire) {
        return Optional.ofNullable(BY_WIRE.get(wire));
    }

    @Override
    public String wire() {
        return wire;
    }

    /** Returns the provider of this adapter's models (docs/wire/runtime-selection.md#e2). */
    public Provider provider() {
        return provider;
    }
}
