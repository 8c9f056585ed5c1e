package dev.errand.process;

/**
 * How much of what an agent leaves is taken.
 *
 * @param outputBytes the largest output file
 * @param artifacts the most artifact files
 * @param artifactBytes the largest artifact file
 * @param lineBytes the longest line; a longer one is told in parts
 * @param lastLines how many last lines an exit carries
 */
record Bounds(long outputBytes, int artifacts, long artifactBytes, int lineBytes, int lastLines) {

    private static final int MIB = 1024 * 1024;
    private static final int MIN_LINE_BYTES = 16;
    private static final int MAX_LINE_BYTES = 16 * MIB;
    private static final int MAX_OUTPUT_BYTES = 1024 * MIB;

    static final Bounds DEFAULT = new Bounds(16L * MIB, 100, 30L * MIB, 64 * 1024, 20);

    Bounds {
        check("maxOutputBytes", outputBytes, 0, MAX_OUTPUT_BYTES);
        check("maxArtifacts", artifacts, 0, Integer.MAX_VALUE - 1);
        check("maxArtifactBytes", artifactBytes, 0, Long.MAX_VALUE);
        check("maxLineBytes", lineBytes, MIN_LINE_BYTES, MAX_LINE_BYTES);
        check("lastLines", lastLines, 0, 1000);
    }

    private static void check(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    name + " must be in " + min + ".." + max + ", not " + value);
        }
    }

    Bounds withOutputBytes(long changed) {
        return new Bounds(changed, artifacts, artifactBytes, lineBytes, lastLines);
    }

    Bounds withArtifacts(int changed) {
        return new Bounds(outputBytes, changed, artifactBytes, lineBytes, lastLines);
    }

    Bounds withArtifactBytes(long changed) {
        return new Bounds(outputBytes, artifacts, changed, lineBytes, lastLines);
    }

    Bounds withLineBytes(int changed) {
        return new Bounds(outputBytes, artifacts, artifactBytes, changed, lastLines);
    }

    Bounds withLastLines(int changed) {
        return new Bounds(outputBytes, artifacts, artifactBytes, lineBytes, changed);
    }
}
