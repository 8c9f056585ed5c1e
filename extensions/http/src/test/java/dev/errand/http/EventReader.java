package dev.errand.http;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads an event stream as a browser does. */
final class EventReader implements Closeable {

    private final HttpResponse<InputStream> response;
    private final BufferedReader lines;

    EventReader(HttpResponse<InputStream> response) {
        this.response = response;
        this.lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    /**
     * A frame.
     *
     * @param event the name, empty if there is none
     * @param id the id, empty if there is none
     */
    record Frame(String event, String id, String data) {

        static Frame entry(long index, String data) {
            return new Frame("", "log-" + index, data);
        }

        boolean isState() {
            return id.isEmpty() && data.startsWith("{\"type\":\"task_run_state\"");
        }
    }

    HttpResponse<InputStream> response() {
        return response;
    }

    /** Returns the next frame; an empty one at the end of the stream. */
    Frame next() {
        String event = "";
        String id = "";
        String data = "";
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty()) {
                    return new Frame(event, id, data);
                }
                String value = line.substring(line.indexOf(':') + 2);
                switch (line.substring(0, line.indexOf(':'))) {
                    case "event" -> event = value;
                    case "id" -> id = value;
                    case "data" -> data += value;
                    default -> throw new AssertionError("unknown field: " + line);
                }
            }
            return new Frame("", "", "");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    List<Frame> next(int count) {
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            frames.add(next());
        }
        return frames;
    }

    /** Returns all frames up to the end of the stream. */
    List<Frame> rest() {
        List<Frame> frames = new ArrayList<>();
        for (Frame frame = next(); !frame.data().isEmpty(); frame = next()) {
            frames.add(frame);
        }
        return frames;
    }

    @Override
    public void close() {
        try {
            lines.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
