package dev.errand.workspaces.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
import java.util.UUID;

/** Creates, measures and deletes files and directory trees. Symbolic links are never followed. */
final class FileTrees {

    private static final Set<PosixFilePermission> DIRECTORY_PERMISSIONS =
            PosixFilePermissions.fromString("rwx------");
    private static final FileAttribute<?> DIRECTORY =
            PosixFilePermissions.asFileAttribute(DIRECTORY_PERMISSIONS);

    private FileTrees() {}

    /** Creates a directory and its missing parents, accessible to their owner only. */
    static void createDirectories(Path directory) throws IOException {
        Files.createDirectories(directory, DIRECTORY);
    }

    /** Creates a file that must not exist yet, with the given permissions. */
    static void create(Path file, String text, String permissions) throws IOException {
        try (var channel =
                Files.newByteChannel(
                        file,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString(permissions)))) {
            var bytes = java.nio.ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }

    /** Creates or replaces a file in one step, so that no reader sees a part of it. */
    static void replace(Path file, String text, String permissions) throws IOException {
        Path written = file.resolveSibling("." + file.getFileName() + "-" + UUID.randomUUID());
        try {
            create(written, text, permissions);
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(written);
        }
    }

    /** Deletes a file, or a directory with its content. Does nothing if it does not exist. */
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

    /** Returns the size of all files of a tree together. Files that disappear meanwhile count 0. */
    static long size(Path root) throws IOException {
        long bytes = 0;
        for (Path file : files(root)) {
            try {
                bytes += attributes(file).size();
            } catch (NoSuchFileException gone) {
                // Another process deleted it.
            }
        }
        return bytes;
    }

    /** Lists everything in a tree except directories. */
    static List<Path> files(Path root) throws IOException {
        List<Path> files = new ArrayList<>();
        Deque<Path> pending = new ArrayDeque<>(entries(root));
        while (!pending.isEmpty()) {
            Path path = pending.pop();
            if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                pending.addAll(entries(path));
            } else {
                files.add(path);
            }
        }
        return files;
    }

    /** Lists a directory; empty if it does not exist. */
    static List<Path> entries(Path directory) throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(entries::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        } catch (NoSuchFileException | NotDirectoryException none) {
            return List.of();
        }
        return entries;
    }

    static BasicFileAttributes attributes(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    static boolean isDirectory(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    static boolean isFile(Path path) {
        return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
    }
}
