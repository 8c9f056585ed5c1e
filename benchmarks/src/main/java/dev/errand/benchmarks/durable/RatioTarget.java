package dev.errand.benchmarks.durable;

import java.util.Locale;

/** What a ratio should be. */
record RatioTarget(boolean atMost, double value) {

    static RatioTarget atMost(double value) {
        return new RatioTarget(true, value);
    }

    static RatioTarget atLeast(double value) {
        return new RatioTarget(false, value);
    }

    /** The ratio and whether it holds, for a cell of a table. */
    String judge(double ratio) {
        boolean holds = atMost ? ratio <= value : ratio >= value;
        return String.format(Locale.ROOT, holds ? "%.2f" : "**%.2f**", ratio);
    }

    @Override
    public String toString() {
        return (atMost ? "≤ " : "≥ ") + value;
    }
}
