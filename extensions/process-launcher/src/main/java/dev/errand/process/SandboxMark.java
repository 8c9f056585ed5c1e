package dev.errand.process;

import dev.errand.spi.sandbox.SandboxId;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The environment variables that identify the processes of a sandbox, inherited from its first
 * process.
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

    /**
     * Returns whether an environment block, whose entries are each terminated by NUL, contains all
     * entries of the mark.
     */
    boolean isIn(byte[] environment) {
        String block = "\0" + new String(environment, StandardCharsets.ISO_8859_1);
        return entries.stream().allMatch(entry -> block.contains("\0" + entry + "\0"));
    }
}
