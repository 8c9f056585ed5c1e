package dev.errand.benchmarks.durable;

import java.util.Locale;

/** The target of a ratio. */
record RatioTarget(boolean atMost, double value) {

    static RatioTarget atMost(double value) {
        return new RatioTarget(true, value);
    }

    static RatioTarget atLeast(double value) {
        return new RatioTarget(false, value);
    }

    /** Returns the ratio for a table cell, in bold if the target is missed. */
    String judge(double ratio) {
        boolean holds = atMost ? ratio <= value : ratio >= value;
        return String.format(Locale.ROOT, holds ? "%.2f" : "**%.2f**", ratio);
    }

    @Override
    public String toString() {
        return (atMost ? "≤ " : "≥ ") + value;
    }
}
