package dev.errand.benchmarks.host;

import java.util.List;
import java.util.stream.IntStream;

/** The entries of a call, about two kilobytes in the format of real agents. */
public final class SampleLog {

    /** The number of entries of a call. */
    public static final int ENTRIES = 10;

    private SampleLog() {}

    /** Returns entries whose event ids begin with a source and continue at a number. */
    public static List<String> entries(String source, long first) {
        return entries(source, first, ENTRIES);
    }

    /** Returns a number of entries. */
    public static List<String> entries(String source, long first, int count) {
        return IntStream.range(0, count)
                .mapToObj(
                        i ->
                                "{\"type\":\"notification\",\"timestamp\":\"2026-12-01T00:00:00Z\","
                                        + "\"event_id\":\""
                                        + source
                                        + "-"
                                        + (first + i)
                                        + "\",\"notification\":{\"jsonrpc\":\"2.0\",\"method\":"
                                        + "\"session/update\",\"params\":{\"update\":"
                                        + "{\"sessionUpdate\":\"agent_message\",\"text\":"
                                        + "\"compiling module number "
                                        + (first + i) % 7
                                        + "\"}}}}")
                .toList();
    }
}
