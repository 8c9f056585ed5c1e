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
 * Reads {@code /proc} (proc(5)): sessions, process states, and the environments of the user's own
 * processes.
 */
final class LinuxProcessTable implements ProcessTable {

    private static final Path PROC = Path.of("/proc");
    private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+([0-9]+) kB$");

    private static final Pattern USER = Pattern.compile("(?m)^Uid:\\s+([0-9]+)\\s");

    static boolean isAvailable() {
        return Files.isReadable(PROC.resolve("self/stat"))
                && Files.isReadable(PROC.resolve("self/environ"));
    }

    @Override
    public List<ProcessInfo> processes() {
        List<ProcessInfo> found = new ArrayList<>();
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path directory : directories) {
                read(directory).ifPresent(found::add);
            }
        } catch (IOException | DirectoryIteratorException unreadable) {
            throw new UncheckedIOException(new IOException("cannot list " + PROC, unreadable));
        }
        return found;
    }

    @Override
    public boolean canReadMarks() {
        return true;
    }

    @Override
    public boolean hasMark(long pid, SandboxMark mark) {
        try {
            return mark.isIn(Files.readAllBytes(PROC.resolve(pid + "/environ")));
        } catch (IOException endedOrForeign) {
            return false;
        }
    }

    @Override
    public long residentBytes(long pid) {
        return residentBytes(status(pid));
    }

    /** Returns 0 for kernel threads, which have no such line. */
    static long residentBytes(String status) {
        Matcher matcher = RESIDENT.matcher(status);
        return matcher.find() ? Long.parseLong(matcher.group(1)) * 1024 : 0;
    }

    /** The owner of the directory in {@code /proc} is not the user of every process. */
    @Override
    public long userOf(long pid) {
        return userOf(status(pid));
    }

    static long userOf(String status) {
        Matcher matcher = USER.matcher(status);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : -1;
    }

    private static String status(long pid) {
        try {
            return Files.readString(PROC.resolve(pid + "/status"), StandardCharsets.ISO_8859_1);
        } catch (IOException ended) {
            return "";
        }
    }

    private static Optional<ProcessInfo> read(Path directory) {
        try {
            byte[] stat = Files.readAllBytes(directory.resolve("stat"));
            return parse(new String(stat, StandardCharsets.ISO_8859_1));
        } catch (IOException ended) {
            return Optional.empty();
        }
    }

    /**
     * Parses a {@code stat} line. The program's name is in brackets and may contain any character,
     * so the fields are counted from the last closing bracket.
     */
    static Optional<ProcessInfo> parse(String stat) {
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
                new ProcessInfo(
                        Long.parseLong(stat.substring(0, name)),
                        Long.parseLong(fields[1]),
                        Long.parseLong(fields[3])));
    }
}
