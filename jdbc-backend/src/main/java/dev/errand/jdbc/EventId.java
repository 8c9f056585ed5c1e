package dev.errand.jdbc;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An event id of the form {@code <source>-<number>}. Agents number their events: the source is a
 * start of the agent, and the number increases with each event.
 *
 * @param source what precedes the last hyphen
 * @param number the number after it
 */
record EventId(String source, long number) {

    private static final Pattern FORM = Pattern.compile("([A-Za-z0-9_.-]{1,64})-([0-9]{1,18})");

    /** Parses an event id; empty if it has another form. */
    static Optional<EventId> parse(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches()
                ? Optional.of(new EventId(form.group(1), Long.parseLong(form.group(2))))
                : Optional.empty();
    }
}
