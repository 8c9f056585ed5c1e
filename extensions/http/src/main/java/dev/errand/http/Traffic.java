package dev.errand.http;

/**
 * What the requests of one servlet share. Thread-safe.
 *
 * @param pace how fast bodies must arrive
 * @param memory the heap that bodies may need
 * @param requests the requests in progress
 * @param bodies the bodies that are received
 * @param forms the upload forms whose signature was not seen yet
 * @param uploads the files that are received through forms
 * @param streams the responses of any length that are sent
 */
record Traffic(
        BodyPace pace,
        MemoryBudget memory,
        ConcurrencyLimit requests,
        ConcurrencyLimit bodies,
        ConcurrencyLimit forms,
        ConcurrencyLimit uploads,
        ConcurrencyLimit streams) {

    private static final int UPLOADS_PER_FORM = 4;

    /** Returns an instance without requests. */
    static Traffic of(TrafficLimits limits) {
        return new Traffic(
                new BodyPace(limits.bodyDeadline(), limits.minBodyRate()),
                new MemoryBudget(limits.bodyMemory()),
                new ConcurrencyLimit("requests", Integer.MAX_VALUE, limits.requestsPerCaller()),
                new ConcurrencyLimit("bodies", limits.bodies(), limits.requestsPerCaller()),
                new ConcurrencyLimit("forms", limits.bodies(), limits.bodies()),
                new ConcurrencyLimit("uploads", limits.uploads(), UPLOADS_PER_FORM),
                new ConcurrencyLimit(
                        "streams", limits.streams(), Math.max(1, limits.streams() / 4)));
    }
}
