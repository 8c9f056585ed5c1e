package dev.errand.process;

/**
 * The limits on the results that are collected from a sandbox.
 *
 * @param outputBytes the maximum size of the output file
 * @param artifacts the maximum number of artifacts
 * @param artifactBytes the maximum size of an artifact
 * @param lineBytes the maximum length of an output line; longer lines are split
 * @param lastLines how many of the last output lines an exit contains
 */
record ResultLimits(
        long outputBytes, int artifacts, long artifactBytes, int lineBytes, int lastLines) {

    private static final int MIB = 1024 * 1024;
    private static final int MIN_LINE_BYTES = 16;
    private static final int MAX_LINE_BYTES = 16 * MIB;
    private static final int MAX_OUTPUT_BYTES = 1024 * MIB;

    static final ResultLimits DEFAULT = new ResultLimits(16L * MIB, 100, 30L * MIB, 64 * 1024, 20);

    ResultLimits {
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

    ResultLimits withOutputBytes(long changed) {
        return new ResultLimits(changed, artifacts, artifactBytes, lineBytes, lastLines);
    }

    ResultLimits withArtifacts(int changed) {
        return new ResultLimits(outputBytes, changed, artifactBytes, lineBytes, lastLines);
    }

    ResultLimits withArtifactBytes(long changed) {
        return new ResultLimits(outputBytes, artifacts, changed, lineBytes, lastLines);
    }

    ResultLimits withLineBytes(int changed) {
        return new ResultLimits(outputBytes, artifacts, artifactBytes, changed, lastLines);
    }

    ResultLimits withLastLines(int changed) {
        return new ResultLimits(outputBytes, artifacts, artifactBytes, lineBytes, changed);
    }
}
