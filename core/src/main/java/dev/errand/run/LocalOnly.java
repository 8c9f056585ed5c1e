package dev.errand.run;

import dev.errand.spi.WireValue;

/**
 * The one environment that an update may name: a run goes back to a person, never to the cloud
 * (docs/wire/runs.md#g5).
 */
public enum LocalOnly implements WireValue {
    LOCAL("local");

    private final String wire;

    LocalOnly(String wire) {
        this.wire = wire;
    }

    @Override
    public String wire() {
        return wire;
    }
}
