package dev.errand.server.chaos;

/** The kinds of injected faults. */
enum Fault {
    KILL_SERVER("servers killed"),
    KILL_SANDBOX("sandboxes killed"),
    STOP_DATABASE("database restarts"),
    PAUSE_SERVER("servers paused"),
    LATE_REPORT("late reports");

    private final String plural;

    Fault(String plural) {
        this.plural = plural;
    }

    @Override
    public String toString() {
        return plural;
    }
}
