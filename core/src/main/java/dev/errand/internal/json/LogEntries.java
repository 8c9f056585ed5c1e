package dev.errand.internal.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.errand.spi.JsonText;
import dev.errand.spi.store.LogEntry;
import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;

/**
 * Selects the log entries that are stored, and reads the values by which they are found
 * (docs/wire/logs.md#i5, #i8).
 */
public final class LogEntries {

    private static final String UPDATE = "session/update";
    private static final String CHUNK = "agent_message_chunk";

    private LogEntries() {}

    /**
     * Returns the entries to store, with their event ids, types and times: all but message chunks,
     * because the complete message is logged separately.
     */
    public static List<LogEntry> toStore(List<JsonText> entries) {
        return entries.stream().flatMap(entry -> toStore(entry).stream()).toList();
    }

    private static Optional<LogEntry> toStore(JsonText entry) {
        Members members = Members.of(entry);
        if (members.update.equals(Optional.of(CHUNK)) && members.isUpdate()) {
            return Optional.empty();
        }
        return Optional.of(
                new LogEntry(
                        entry,
                        members.eventId,
                        members.type(),
                        members.timestamp.flatMap(LogEntries::time)));
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeParseException notATime) {
            return Optional.empty();
        }
    }

    /** The members of an entry that have a meaning, read in one pass. Not thread-safe. */
    private static final class Members {
        private Optional<String> eventId = Optional.empty();
        private Optional<String> timestamp = Optional.empty();
        private Optional<String> method = Optional.empty();
        private Optional<String> update = Optional.empty();

        /** Returns the members of an entry; none if it cannot be parsed. */
        static Members of(JsonText entry) {
            try (JsonParser parser = Json.FACTORY.createParser(entry.text())) {
                return read(parser);
            } catch (IOException beyondALimit) {
                return ofUnusual(entry);
            }
        }

        private static Members ofUnusual(JsonText entry) {
            try (JsonParser parser = Json.logParser(entry)) {
                return read(parser);
            } catch (IOException notJson) {
                return new Members();
            }
        }

        private static Members read(JsonParser parser) throws IOException {
            Members members = new Members();
            parser.nextToken();
            members.readEntry(parser);
            return members;
        }

        boolean isUpdate() {
            return method.equals(Optional.of(UPDATE));
        }

        /** The method of an entry, or for session updates the kind of update. */
        String type() {
            return isUpdate() ? update.orElse(UPDATE) : method.orElse("");
        }

        private void readEntry(JsonParser parser) throws IOException {
            eachMember(
                    parser,
                    name -> {
                        switch (name) {
                            case "event_id" -> eventId = string(parser);
                            case "timestamp" -> timestamp = string(parser);
                            case "notification" -> readNotification(parser);
                            default -> parser.skipChildren();
                        }
                    });
        }

        private void readNotification(JsonParser parser) throws IOException {
            method = Optional.empty();
            update = Optional.empty();
            eachMember(
                    parser,
                    name -> {
                        switch (name) {
                            case "method" -> method = string(parser);
                            case "params" -> readParams(parser);
                            default -> parser.skipChildren();
                        }
                    });
        }

        private void readParams(JsonParser parser) throws IOException {
            update = Optional.empty();
            eachMember(
                    parser,
                    name -> {
                        if (name.equals("update")) {
                            readUpdate(parser);
                        } else {
                            parser.skipChildren();
                        }
                    });
        }

        private void readUpdate(JsonParser parser) throws IOException {
            update = Optional.empty();
            eachMember(
                    parser,
                    name -> {
                        if (name.equals("sessionUpdate")) {
                            update = string(parser);
                        } else {
                            parser.skipChildren();
                        }
                    });
        }

        /** Reads the current value: member by member if it is an object, else not at all. */
        private static void eachMember(JsonParser parser, MemberReader reader) throws IOException {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                parser.skipChildren();
                return;
            }
            String name;
            while ((name = parser.nextFieldName()) != null) {
                parser.nextToken();
                reader.read(name);
            }
        }

        private static Optional<String> string(JsonParser parser) throws IOException {
            if (parser.currentToken() == JsonToken.VALUE_STRING) {
                return Optional.of(parser.getText());
            }
            parser.skipChildren();
            return Optional.empty();
        }
    }

    /** Reads the current value, which belongs to the member with the given name. */
    @FunctionalInterface
    private interface MemberReader {
        void read(String name) throws IOException;
    }
}
