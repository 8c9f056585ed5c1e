package dev.errand.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the last lines of a sandbox's output for an error message. */
final class LastLines {

    private static final int BYTES = 64 * 1024;

    private LastLines() {}

    /**
     * Returns the last lines of both outputs, standard output first. Each output gets half of
     * {@code count}, plus what the other does not use. Only the last 64 KiB of each file are read.
     */
    static List<String> of(SandboxDirectory directory, int count) throws IOException {
        return merge(end(directory.standardOutput()), end(directory.standardError()), count);
    }

    /** Returns the last lines of the error output, at most 64 KiB. */
    static List<String> ofError(SandboxDirectory directory) throws IOException {
        return end(directory.standardError());
    }

    static List<String> merge(List<String> output, List<String> error, int count) {
        int ofError = Math.min(error.size(), Math.max(count / 2, count - output.size()));
        List<String> lines = new ArrayList<>(last(output, count - ofError));
        lines.addAll(last(error, ofError));
        return lines;
    }

    private static List<String> last(List<String> lines, int count) {
        return lines.subList(Math.max(0, lines.size() - count), lines.size());
    }

    private static List<String> end(Path file) throws IOException {
        try (FileChannel channel = UntrustedFiles.open(file)) {
            long from = Math.max(0, channel.size() - BYTES);
            ByteBuffer bytes = ByteBuffer.allocate(BYTES);
            while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) > 0) {}
            String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
            List<String> lines = text.lines().toList();
            // The first line may be incomplete.
            return from > 0 && lines.size() > 1 ? lines.subList(1, lines.size()) : lines;
        }
    }
}
