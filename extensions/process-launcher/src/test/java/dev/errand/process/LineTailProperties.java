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

/** However a file grows and whenever it is read, its lines are the same. */
class LineTailProperties {

    private static final int MAX_LINE_BYTES = 16;

    @Property(tries = 300)
    void linesAreTheSameInWhatPiecesEverTheyAreWritten(@ForAll("pieces") List<String> pieces)
            throws IOException {
        Path file = Files.createTempFile("tail", ".log");
        List<String> told = new ArrayList<>();
        try (LineTail tail = new LineTail(file, 0, MAX_LINE_BYTES)) {
            for (String piece : pieces) {
                Files.writeString(file, piece, StandardOpenOption.APPEND);
                takeAll(tail, false, told);
            }
            takeAll(tail, true, told);
            assertThat(tail.position()).isEqualTo(Files.size(file));
        } finally {
            Files.delete(file);
        }

        assertThat(told).isEqualTo(lines(String.join("", pieces)));
    }

    @Property(tries = 300)
    void aReaderThatGoesOnWhereAnotherStoppedMissesNothing(@ForAll("pieces") List<String> pieces)
            throws IOException {
        Path file = Files.createTempFile("tail", ".log");
        List<String> told = new ArrayList<>();
        long position = 0;
        try {
            for (String piece : pieces) {
                Files.writeString(file, piece, StandardOpenOption.APPEND);
                try (LineTail tail = new LineTail(file, position, MAX_LINE_BYTES)) {
                    takeAll(tail, false, told);
                    tail.next(false);
                    position = tail.position();
                }
            }
            try (LineTail tail = new LineTail(file, position, MAX_LINE_BYTES)) {
                takeAll(tail, true, told);
            }
        } finally {
            Files.delete(file);
        }

        assertThat(told).isEqualTo(lines(String.join("", pieces)));
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

    private static void takeAll(LineTail tail, boolean atEnd, List<String> told)
            throws IOException {
        for (List<String> batch = tail.next(atEnd); !batch.isEmpty(); batch = tail.next(atEnd)) {
            assertThat(tail.next(atEnd)).isEqualTo(batch);
            told.addAll(batch);
            tail.told();
        }
    }

    /** The plainest form of the rule: as many whole characters as fit, and then a new line. */
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
