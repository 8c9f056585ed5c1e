package dev.errand.server;

import java.util.regex.Pattern;

/**
 * An agent that does what it should not.
 *
 * @param name what it does
 * @param script the script that it runs with {@code /bin/sh}, in its workspace
 * @param end how its run must end
 * @param reason a pattern that the run's error message contains; of any text if the run completes
 */
record HostileAgent(String name, String script, End end, Pattern reason) {

    /** How a run ends. */
    enum End {
        COMPLETED,
        FAILED,
        /** Completed or failed, for example depending on the permissions of the server's user. */
        EITHER;

        boolean matches(String status) {
            return switch (this) {
                case COMPLETED -> status.equals("completed");
                case FAILED -> status.equals("failed");
                case EITHER -> status.equals("completed") || status.equals("failed");
            };
        }
    }

    static HostileAgent completes(String name, String script) {
        return new HostileAgent(name, script, End.COMPLETED, Pattern.compile(""));
    }

    static HostileAgent fails(String name, String reason, String script) {
        return new HostileAgent(name, script, End.FAILED, Pattern.compile(reason));
    }

    static HostileAgent ends(String name, String script) {
        return new HostileAgent(name, script, End.EITHER, Pattern.compile(""));
    }

    @Override
    public String toString() {
        return name;
    }
}
