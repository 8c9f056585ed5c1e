package dev.errand.run;

import dev.errand.spi.WireValue;

/**
 * The only environment that an update may name: a run is handed off to a person, never to the cloud
 * (docs/wire/runs.md#g5).
 */
public enum HandOffTarget implements WireValue {
    LOCAL("local");

    private final String wire;

    HandOffTarget(String wire) {
        this.wire = wire;
    }

    @Override
    public String wire() {
        return wire;
    }
}
