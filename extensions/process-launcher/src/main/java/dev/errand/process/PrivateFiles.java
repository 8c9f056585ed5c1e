package dev.errand.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/** Files and directories that are their owner's from the moment they exist: modes 600 and 700. */
final class PrivateFiles {

    private static final Set<PosixFilePermission> OF_DIRECTORY =
            PosixFilePermissions.fromString("rwx------");
    private static final FileAttribute<?> DIRECTORY =
            PosixFilePermissions.asFileAttribute(OF_DIRECTORY);
    private static final FileAttribute<?> FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private PrivateFiles() {}

    /** Makes a directory and those above it that are missing. */
    static void createDirectories(Path directory) throws IOException {
        Files.createDirectories(directory, DIRECTORY);
    }

    /** Makes a directory that must not be there yet. */
    static void createDirectory(Path directory) throws IOException {
        Files.createDirectory(directory, DIRECTORY);
    }

    /** Makes a file that must not be there yet. */
    static void create(Path file, String text) throws IOException {
        try (OutputStream out = create(file)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Makes a file that must not be there yet. */
    static void create(Path file, InputStream content) throws IOException {
        try (OutputStream out = create(file)) {
            content.transferTo(out);
        }
    }

    private static OutputStream create(Path file) throws IOException {
        return Channels.newOutputStream(
                Files.newByteChannel(
                        file,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        FILE));
    }

    /** Deletes a file, or a directory with all it holds; links are deleted, never followed. */
    static void delete(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            // An agent may have taken its own rights away.
            Files.setPosixFilePermissions(path, OF_DIRECTORY);
            for (Path entry : entries(path)) {
                delete(entry);
            }
        }
        Files.deleteIfExists(path);
    }

    /**
     * Whether all files in a directory together are larger than so much; links are not followed,
     * and what cannot be read does not count.
     */
    static boolean isLargerThan(Path directory, long most) throws IOException {
        long bytes = 0;
        Deque<Path> left = new ArrayDeque<>(entries(directory));
        while (bytes <= most && !left.isEmpty()) {
            Path path = left.pop();
            try {
                BasicFileAttributes file =
                        Files.readAttributes(
                                path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                if (file.isDirectory()) {
                    left.addAll(entries(path));
                } else {
                    bytes += file.size();
                }
            } catch (IOException | DirectoryIteratorException goneOrForbidden) {
                // Files come and go while the agent works.
            }
        }
        return bytes > most;
    }

    /** Read to the end at once, so that a deep tree holds no open directories. */
    private static List<Path> entries(Path directory) throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(entries::add);
        }
        return entries;
    }
}
