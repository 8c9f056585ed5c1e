package dev.errand.http;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a stream starts (docs/wire/stream.md#l3-2).
 *
 * @param after the position of the last log entry that the client has, 0 if it has none
 * @param isLatest whether only entries that follow are sent
 */
record StreamCursor(long after, boolean isLatest) {

    private static final StreamCursor START = new StreamCursor(0, false);
    private static final StreamCursor LATEST = new StreamCursor(0, true);

    /** The index of an entry without leading zeros, and the number of an event after it. */
    private static final Pattern ID = Pattern.compile("log-(0|[1-9][0-9]{0,17})(\\.[0-9]+)?");

    /**
     * Returns the cursor of a request.
     *
     * @param lastEventId the header {@code Last-Event-ID}
     * @param start the parameter {@code start}
     */
    static StreamCursor of(Optional<String> lastEventId, Optional<String> start) {
        if (lastEventId.isEmpty()) {
            return start.equals(Optional.of("latest")) ? LATEST : START;
        }
        Matcher id = ID.matcher(lastEventId.get());
        return id.matches() ? new StreamCursor(Long.parseLong(id.group(1)) + 1, false) : START;
    }
}
