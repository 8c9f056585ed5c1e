package dev.errand.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Lines do not depend on how the file grows or when it is read. */
class OutputFileReaderProperties {

    private static final int MAX_LINE_BYTES = 16;

    @Property(tries = 300)
    void linesDoNotDependOnHowTheyWereWritten(@ForAll("pieces") List<String> pieces)
            throws IOException {
        Path file = Files.createTempFile("reader", ".log");
        List<String> forwarded = new ArrayList<>();
        try (OutputFileReader reader = new OutputFileReader(file, 0, MAX_LINE_BYTES)) {
            for (String piece : pieces) {
                Files.writeString(file, piece, StandardOpenOption.APPEND);
                takeAll(reader, false, forwarded);
            }
            takeAll(reader, true, forwarded);
            assertThat(reader.position()).isEqualTo(Files.size(file));
        } finally {
            Files.delete(file);
        }

        assertThat(forwarded).isEqualTo(lines(String.join("", pieces)));
    }

    @Property(tries = 300)
    void readerThatContinuesAtAPositionMissesNothing(@ForAll("pieces") List<String> pieces)
            throws IOException {
        Path file = Files.createTempFile("reader", ".log");
        List<String> forwarded = new ArrayList<>();
        long position = 0;
        try {
            for (String piece : pieces) {
                Files.writeString(file, piece, StandardOpenOption.APPEND);
                try (OutputFileReader reader =
                        new OutputFileReader(file, position, MAX_LINE_BYTES)) {
                    takeAll(reader, false, forwarded);
                    reader.next(false);
                    position = reader.position();
                }
            }
            try (OutputFileReader reader = new OutputFileReader(file, position, MAX_LINE_BYTES)) {
                takeAll(reader, true, forwarded);
            }
        } finally {
            Files.delete(file);
        }

        assertThat(forwarded).isEqualTo(lines(String.join("", pieces)));
    }

    @Provide
    Arbitrary<List<String>> pieces() {
        return Arbitraries.of("a", "\n", "\r\n", "ä", "€", "𝄞", "0123456789", "line\n", "")
                .list()
                .ofMaxSize(6)
                .map(parts -> String.join("", parts))
                .list()
                .ofMaxSize(8);
    }

    private static void takeAll(OutputFileReader reader, boolean atEnd, List<String> forwarded)
            throws IOException {
        for (List<String> batch = reader.next(atEnd);
                !batch.isEmpty();
                batch = reader.next(atEnd)) {
            assertThat(reader.next(atEnd)).isEqualTo(batch);
            forwarded.addAll(batch);
            reader.acknowledge();
        }
    }

    /** The expected lines: as many complete characters as fit, then a new line. */
    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        List<String> ended = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
        String last = ended.remove(ended.size() - 1);
        for (String line : ended) {
            lines.addAll(parts(line, true));
        }
        if (!last.isEmpty()) {
            lines.addAll(parts(last, false));
        }
        return lines;
    }

    private static List<String> parts(String line, boolean ended) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        for (int c : line.codePoints().toArray()) {
            if (bytes(part.toString() + Character.toString(c)) > MAX_LINE_BYTES) {
                parts.add(part.toString());
                part.setLength(0);
            }
            part.appendCodePoint(c);
        }
        if (ended && part.length() > 0 && part.charAt(part.length() - 1) == '\r') {
            part.setLength(part.length() - 1);
        }
        parts.add(part.toString());
        return parts;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
