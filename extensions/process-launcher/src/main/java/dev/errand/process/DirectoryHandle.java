package dev.errand.process;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An open directory of an agent, whose entries are reached relative to it. Neither the length of
 * its path matters nor that the path leads to something else meanwhile. Where Java has no {@link
 * SecureDirectoryStream}, entries are reached by their paths. Not thread-safe.
 */
final class DirectoryHandle implements Closeable {

    private final Path path;
    private final DirectoryStream<Path> stream;
    private final Optional<SecureDirectoryStream<Path>> secure;
    private final Iterator<Path> entries;

    private DirectoryHandle(Path path, DirectoryStream<Path> stream) {
        this.path = path;
        this.stream = stream;
        this.secure =
                stream instanceof SecureDirectoryStream<Path> found
                        ? Optional.of(found)
                        : Optional.empty();
        this.entries = stream.iterator();
    }

    /**
     * Opens a directory by its path. A symbolic link is not followed. A directory that its owner
     * may not read becomes accessible to its owner.
     *
     * @throws NoSuchFileException if there is no such directory, or it is replaced meanwhile
     */
    static DirectoryHandle open(Path path) throws IOException {
        BasicFileAttributes found =
                Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return open(path, found, () -> list(path));
    }

    /** Opens a subdirectory; see {@link #open(Path)}. */
    DirectoryHandle openDirectory(Path name) throws IOException {
        return open(path.resolve(name), attributes(name), () -> listChild(name));
    }

    private static DirectoryHandle open(
            Path path, BasicFileAttributes found, Action<DirectoryStream<Path>> list)
            throws IOException {
        DirectoryHandle opened;
        try {
            opened = new DirectoryHandle(path, accessible(path, list));
        } catch (NotDirectoryException replaced) {
            throw new NoSuchFileException(path.toString());
        }
        boolean isIdentical = false;
        try {
            isIdentical = opened.hasKey(found.fileKey());
        } finally {
            if (!isIdentical) {
                opened.close();
            }
        }
        if (!isIdentical) {
            throw new NoSuchFileException(path.toString());
        }
        return opened;
    }

    /** The directory may have been replaced between the look at its name and its opening. */
    private boolean hasKey(@Nullable Object fileKey) throws IOException {
        return secure.isEmpty()
                || Objects.equals(
                        secure.get()
                                .getFileAttributeView(BasicFileAttributeView.class)
                                .readAttributes()
                                .fileKey(),
                        fileKey);
    }

    /**
     * Returns the name of the next entry, or empty at the end. Entries that are created meanwhile
     * may be missing.
     */
    Optional<Path> next() throws IOException {
        try {
            return entries.hasNext()
                    ? Optional.of(Objects.requireNonNull(entries.next().getFileName()))
                    : Optional.empty();
        } catch (DirectoryIteratorException failure) {
            throw failure.getCause();
        }
    }

    /** Returns the attributes of an entry, without following a symbolic link. */
    BasicFileAttributes attributes(Path name) throws IOException {
        return accessible(path, () -> readAttributes(name));
    }

    /** Deletes an entry that is not a directory. */
    void deleteFile(Path name) throws IOException {
        accessible(
                path,
                () -> {
                    if (secure.isPresent()) {
                        secure.get().deleteFile(name);
                    } else {
                        Files.delete(path.resolve(name));
                    }
                    return name;
                });
    }

    /** Deletes an empty subdirectory. */
    void deleteDirectory(Path name) throws IOException {
        accessible(
                path,
                () -> {
                    if (secure.isPresent()) {
                        secure.get().deleteDirectory(name);
                    } else {
                        Files.delete(path.resolve(name));
                    }
                    return name;
                });
    }

    /** Moves a subdirectory into another directory of the same file system. */
    void moveDirectory(Path name, DirectoryHandle target, Path newName) throws IOException {
        // The kernel demands write access to the directory itself.
        accessible(
                path.resolve(name),
                () ->
                        accessible(
                                path,
                                () -> {
                                    if (secure.isPresent() && target.secure.isPresent()) {
                                        secure.get().move(name, target.secure.get(), newName);
                                    } else {
                                        Files.move(
                                                path.resolve(name), target.path.resolve(newName));
                                    }
                                    return name;
                                }));
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }

    private BasicFileAttributes readAttributes(Path name) throws IOException {
        return secure.isPresent()
                ? secure.get()
                        .getFileAttributeView(
                                name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                        .readAttributes()
                : Files.readAttributes(
                        path.resolve(name), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private DirectoryStream<Path> listChild(Path name) throws IOException {
        return secure.isPresent()
                ? secure.get().newDirectoryStream(itself(name), LinkOption.NOFOLLOW_LINKS)
                : list(path.resolve(name));
    }

    private static DirectoryStream<Path> list(Path directory) throws IOException {
        return Files.newDirectoryStream(itself(directory));
    }

    /**
     * Returns a path of a directory that leads to nothing if it is not a directory any more. Java
     * opens a directory like a file, so a FIFO in its place would block.
     */
    private static Path itself(Path directory) {
        return directory.resolve(".");
    }

    /**
     * Performs an action; if the directory denies access to its owner, who is this process then,
     * grants it and repeats the action.
     */
    private static <T> T accessible(Path directory, Action<T> action) throws IOException {
        try {
            return action.perform();
        } catch (AccessDeniedException denied) {
            try {
                Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(directory);
                permissions.addAll(PrivateFiles.DIRECTORY_PERMISSIONS);
                Files.setPosixFilePermissions(directory, permissions);
            } catch (IOException notOurs) {
                denied.addSuppressed(notOurs);
                throw denied;
            }
            return action.perform();
        }
    }

    private interface Action<T> {
        T perform() throws IOException;
    }
}
