package dev.errand.process;

import java.util.List;

/**
 * What operators should know of a {@link ProcessLauncher}.
 *
 * @param users the operating-system users of agents; empty if they run as the user of this process
 * @param containment how the processes of a sandbox are found
 * @param undeletedDirectories how many directories could not be deleted so far
 */
public record LauncherStatus(
        List<String> users, Containment containment, int undeletedDirectories) {

    /** How the processes of a sandbox are found when it ends. */
    public enum Containment {
        /** By a control group, which no process of an unprivileged user can leave. */
        CONTROL_GROUP,
        /** By the user, which each sandbox has for itself. */
        USER,
        /**
         * By descent, session and environment. A process that hides from all three outlives its
         * sandbox.
         */
        OBSERVATION
    }

    /** Copies the list. */
    public LauncherStatus {
        users = List.copyOf(users);
    }

    /** Returns the status in words. */
    public String sentence() {
        String who =
                users.isEmpty()
                        ? "Agents run as the user of their server and can read what it can."
                        : "Agents run as "
                                + String.join(", ", users)
                                + (users.size() == 1 ? " and can reach each other." : ".");
        String what =
                switch (containment) {
                    case CONTROL_GROUP -> "Control groups contain their processes.";
                    case USER -> "All processes of their users end with them.";
                    case OBSERVATION ->
                            "No control group can be created: a daemon that leaves its parents, its session and its environment outlives its run.";
                };
        return undeletedDirectories == 0
                ? who + " " + what
                : "%s %s %d directories could not be deleted."
                        .formatted(who, what, undeletedDirectories);
    }
}
