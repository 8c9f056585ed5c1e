package dev.errand.server.chaos;

/** What happens to them. */
enum Mischief {
    KILL_SERVER("servers killed"),
    KILL_SANDBOX("sandboxes killed"),
    STOP_DATABASE("database stopped"),
    PAUSE_SERVER("servers paused"),
    LATE_REPORT("late reports");

    private final String plural;

    Mischief(String plural) {
        this.plural = plural;
    }

    @Override
    public String toString() {
        return plural;
    }
}
