package dev.errand.http;

import dev.errand.spi.store.StoredLogEntry;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The frames of an event stream (docs/wire/stream.md#l3-1). */
final class EventFrames {

    static final byte[] KEEPALIVE = named("keepalive", "", "{\"type\": \"keepalive\"}");
    static final byte[] ROTATED = named("end", "", "{\"type\": \"rotated\"}");
    static final byte[] COMPLETE = named("stream-end", "", "{\"status\": \"complete\"}");

    /** Texts of the frame {@code error}. */
    static final String BUSY = "Backlog busy";

    static final String BACKLOG_UNAVAILABLE = "Backlog unavailable";
    static final String READ_ERROR = "Stream read error";
    static final String NOT_AVAILABLE = "Stream not available";

    private EventFrames() {}

    /** Returns a frame for each entry, whose id is the entry's index in the log. */
    static byte[] entries(List<StoredLogEntry> entries) {
        StringBuilder frames = new StringBuilder();
        for (StoredLogEntry entry : entries) {
            frames.append(id(entry.position()))
                    .append("data: ")
                    .append(onOneLine(entry.json().text()))
                    .append("\n\n");
        }
        return bytes(frames.toString());
    }

    /** Returns the frame of a state, which has no id. */
    static byte[] state(byte[] json) {
        return bytes("data: " + onOneLine(new String(json, StandardCharsets.UTF_8)) + "\n\n");
    }

    /** Returns a frame without content, with the id of the entry at a position. */
    static byte[] keepalive(long position) {
        return named("keepalive", id(position), "{\"type\": \"keepalive\"}");
    }

    /** Returns the frame of a failure. */
    static byte[] error(String text) {
        return named("error", "", "{\"error\": \"" + text + "\"}");
    }

    private static String id(long position) {
        return "id: log-" + (position - 1) + '\n';
    }

    private static byte[] named(String name, String id, String data) {
        return bytes("event: " + name + '\n' + id + "data: " + data + "\n\n");
    }

    /** In JSON, line breaks occur only between tokens. */
    private static String onOneLine(String json) {
        return json.replace('\r', ' ').replace('\n', ' ');
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
