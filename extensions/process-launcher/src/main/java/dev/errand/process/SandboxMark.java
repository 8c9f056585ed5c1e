package dev.errand.process;

import dev.errand.spi.dispatch.SandboxId;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What every process of a sandbox inherits: the variables that name the run and the attempt.
 *
 * @param entries the variables, as {@code NAME=value}
 */
record SandboxMark(List<String> entries) {

    static SandboxMark of(SandboxId sandbox) {
        return of(sandbox.run().toString(), Integer.toString(sandbox.attempt()));
    }

    static SandboxMark of(String run, String attempt) {
        return new SandboxMark(
                List.of(
                        AgentEnvironment.RUN_ID + "=" + run,
                        AgentEnvironment.ATTEMPT + "=" + attempt));
    }

    /** Whether an environment block, entries each ended by a NUL, has all of the mark. */
    boolean isIn(byte[] environment) {
        String block = "\0" + new String(environment, StandardCharsets.ISO_8859_1);
        return entries.stream().allMatch(entry -> block.contains("\0" + entry + "\0"));
    }
}
