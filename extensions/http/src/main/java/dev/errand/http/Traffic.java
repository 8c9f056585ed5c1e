package dev.errand.http;

/**
 * What the requests of one servlet share. Thread-safe.
 *
 * @param pace how fast bodies must arrive
 * @param memory the heap that bodies may need
 * @param bodies the bodies that have not arrived completely
 * @param requests the requests that are processed
 * @param uploads the files that are received through forms
 * @param streams the responses of any length that are sent
 * @param commands the commands that agents have not answered yet
 */
record Traffic(
        BodyPace pace,
        MemoryBudget memory,
        AwaitedBodies bodies,
        ConcurrencyLimit requests,
        ConcurrencyLimit uploads,
        ConcurrencyLimit streams,
        ConcurrencyLimit commands) {

    private static final int UPLOADS_PER_FORM = 4;
    private static final int COMMANDS = 2_000;
    private static final int COMMANDS_PER_CALLER = 500;

    /** Returns an instance without requests. */
    static Traffic of(TrafficLimits limits) {
        return new Traffic(
                new BodyPace(limits.bodyDeadline(), limits.minBodyRate()),
                new MemoryBudget(limits.bodyMemory()),
                new AwaitedBodies(limits.bodies()),
                new ConcurrencyLimit("requests", Integer.MAX_VALUE, limits.requestsPerCaller()),
                new ConcurrencyLimit("uploads", limits.uploads(), UPLOADS_PER_FORM),
                new ConcurrencyLimit(
                        "streams", limits.streams(), Math.max(1, limits.streams() / 4)),
                new ConcurrencyLimit("commands", COMMANDS, COMMANDS_PER_CALLER));
    }
}
