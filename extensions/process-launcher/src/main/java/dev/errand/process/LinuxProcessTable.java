package dev.errand.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads {@code /proc} (proc(5)): sessions, the state of the dead, and the environments of the
 * user's own processes.
 */
final class LinuxProcessTable implements ProcessTable {

    private static final Path PROC = Path.of("/proc");
    private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+([0-9]+) kB$");

    static boolean isAvailable() {
        return Files.isReadable(PROC.resolve("self/stat"))
                && Files.isReadable(PROC.resolve("self/environ"));
    }

    @Override
    public List<ProcessRow> rows() {
        List<ProcessRow> rows = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                row(process).ifPresent(rows::add);
            }
        } catch (IOException | DirectoryIteratorException unreadable) {
            throw new UncheckedIOException(new IOException("cannot list " + PROC, unreadable));
        }
        return rows;
    }

    @Override
    public boolean knowsMarks() {
        return true;
    }

    @Override
    public boolean bears(long pid, SandboxMark mark) {
        try {
            return mark.isIn(Files.readAllBytes(PROC.resolve(pid + "/environ")));
        } catch (IOException endedOrForeign) {
            return false;
        }
    }

    @Override
    public long residentBytes(long pid) {
        try {
            return residentBytes(
                    Files.readString(PROC.resolve(pid + "/status"), StandardCharsets.ISO_8859_1));
        } catch (IOException ended) {
            return 0;
        }
    }

    /** Those of the kernel's own have none. */
    static long residentBytes(String status) {
        Matcher matcher = RESIDENT.matcher(status);
        return matcher.find() ? Long.parseLong(matcher.group(1)) * 1024 : 0;
    }

    private static Optional<ProcessRow> row(Path process) {
        try {
            byte[] stat = Files.readAllBytes(process.resolve("stat"));
            return parse(new String(stat, StandardCharsets.ISO_8859_1));
        } catch (IOException ended) {
            return Optional.empty();
        }
    }

    /**
     * The program's name stands in brackets and may hold any character, so the fields are counted
     * behind the last.
     */
    static Optional<ProcessRow> parse(String stat) {
        int name = stat.indexOf(" (");
        int nameEnd = stat.lastIndexOf(") ");
        if (name < 0 || nameEnd < 0) {
            return Optional.empty();
        }
        // state, parent, group, session
        String[] fields = stat.substring(nameEnd + 2).split(" ", 5);
        if (fields.length < 5 || fields[0].equals("Z") || fields[0].equals("X")) {
            return Optional.empty();
        }
        return Optional.of(
                new ProcessRow(
                        Long.parseLong(stat.substring(0, name)),
                        Long.parseLong(fields[1]),
                        Long.parseLong(fields[3])));
    }
}
