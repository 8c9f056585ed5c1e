package dev.errand.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/**
 * Opens files that an agent may have replaced by something else: a symbolic link, a FIFO, a device.
 * Opening a FIFO for reading blocks until another process opens it for writing; opening it for
 * reading and writing does not. Therefore files are opened for both, even if they are only read.
 */
final class UntrustedFiles {

    private static final String NOT_REGULAR = "is not a regular file";

    private UntrustedFiles() {}

    /**
     * Opens a regular file for reading. Does not block, even if the file is replaced at this
     * moment. A file that this process owns and may not write becomes writable; one that belongs to
     * somebody else, such as the superuser of a container, is opened as it is.
     *
     * @throws NoSuchFileException if there is no such file
     * @throws IOException if it is not a regular file or cannot be read
     */
    static FileChannel open(Path file) throws IOException {
        try {
            return openOwn(file);
        } catch (AccessDeniedException readOnly) {
            return makeWritable(file)
                    ? openOwn(file)
                    : FileChannel.open(
                            file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        }
    }

    private static boolean makeWritable(Path file) {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            permissions.addAll(
                    Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
            Files.setPosixFilePermissions(file, permissions);
            return true;
        } catch (IOException notOurs) {
            return false;
        }
    }

    /**
     * Opens a regular file of the launcher for reading, as {@link #open} does.
     *
     * @throws NoSuchFileException if there is no such file
     * @throws IOException if it is not a regular file or cannot be read and written
     */
    static FileChannel openOwn(Path file) throws IOException {
        if (!Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isRegularFile()) {
            throw new FileSystemException(file.toString(), null, NOT_REGULAR);
        }
        FileChannel channel =
                FileChannel.open(
                        file,
                        Set.of(
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE,
                                LinkOption.NOFOLLOW_LINKS));
        try {
            // It may have been replaced before it was opened; a FIFO has no position.
            return channel.position(0);
        } catch (IOException replaced) {
            channel.close();
            throw new FileSystemException(file.toString(), null, NOT_REGULAR);
        }
    }

    /** Opens a stream as {@link #open} opens a channel. */
    static InputStream newInputStream(Path file) throws IOException {
        return Channels.newInputStream(open(file));
    }
}
