package dev.errand.process;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/**
 * What a launcher was built with.
 *
 * @param workDirectory absolute
 * @param variables the environment of every agent, apart from what tells of its run
 */
record Settings(
        Path workDirectory,
        AgentCommand command,
        Clock clock,
        Map<String, String> variables,
        Bounds bounds,
        Limits limits,
        CleanUp cleanUp,
        Duration keepFor,
        AtClose atClose,
        Duration grace,
        Pace pace) {

    /** Shows no variable: a host may have put a key into one. */
    @Override
    public String toString() {
        return "Settings[" + workDirectory + ", " + command + "]";
    }
}
