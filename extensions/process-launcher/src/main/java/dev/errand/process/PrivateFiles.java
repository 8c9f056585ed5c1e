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

/**
 * Creates files and directories that only their owner can access from the start (modes 600 and
 * 700), and deletes and measures directory trees.
 */
final class PrivateFiles {

    private static final Set<PosixFilePermission> DIRECTORY_PERMISSIONS =
            PosixFilePermissions.fromString("rwx------");
    private static final FileAttribute<?> DIRECTORY =
            PosixFilePermissions.asFileAttribute(DIRECTORY_PERMISSIONS);
    private static final FileAttribute<?> FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private PrivateFiles() {}

    /** Creates a directory and its missing parents. */
    static void createDirectories(Path directory) throws IOException {
        Files.createDirectories(directory, DIRECTORY);
    }

    /** Creates a directory that must not exist yet. */
    static void createDirectory(Path directory) throws IOException {
        Files.createDirectory(directory, DIRECTORY);
    }

    /** Creates a file that must not exist yet. */
    static void create(Path file, String text) throws IOException {
        try (OutputStream out = create(file)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Creates a file that must not exist yet. */
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

    /**
     * Deletes a file, or a directory with its content. Symbolic links are deleted, not followed.
     */
    static void delete(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            // The agent may have removed its own permissions.
            Files.setPosixFilePermissions(path, DIRECTORY_PERMISSIONS);
            for (Path entry : entries(path)) {
                delete(entry);
            }
        }
        Files.deleteIfExists(path);
    }

    /**
     * Returns whether the files in a directory are larger together than a number of bytes. Symbolic
     * links are not followed; unreadable files do not count.
     */
    static boolean isLargerThan(Path directory, long maxBytes) throws IOException {
        long bytes = 0;
        Deque<Path> pending = new ArrayDeque<>(entries(directory));
        while (bytes <= maxBytes && !pending.isEmpty()) {
            Path path = pending.pop();
            try {
                BasicFileAttributes file =
                        Files.readAttributes(
                                path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                if (file.isDirectory()) {
                    pending.addAll(entries(path));
                } else {
                    bytes += file.size();
                }
            } catch (IOException | DirectoryIteratorException goneOrForbidden) {
                // The agent creates and deletes files meanwhile.
            }
        }
        return bytes > maxBytes;
    }

    /** Lists a directory completely, so that a deep tree does not keep directories open. */
    private static List<Path> entries(Path directory) throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(entries::add);
        }
        return entries;
    }
}
