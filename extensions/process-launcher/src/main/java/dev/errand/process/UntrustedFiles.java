package dev.errand.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/**
 * Opens files that an agent may have replaced by something else: a symbolic link, a FIFO, a device.
 * To open a FIFO for reading blocks until somebody writes, to open it for reading and writing does
 * not; hence files that are only read are opened for both.
 */
final class UntrustedFiles {

    private UntrustedFiles() {}

    /**
     * Opens a regular file for reading.
     *
     * @throws NoSuchFileException if there is no such file
     * @throws IOException if it is not a regular file or cannot be read
     */
    static FileChannel open(Path file) throws IOException {
        requireRegular(file);
        try {
            return openWritable(file);
        } catch (NoSuchFileException deleted) {
            throw deleted;
        } catch (FileSystemException readOnly) {
            return checked(
                    file,
                    FileChannel.open(
                            file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)));
        }
    }

    /**
     * Opens a regular file of the launcher for reading. Never blocks, even if the file is replaced
     * at this moment.
     *
     * @throws NoSuchFileException if there is no such file
     * @throws IOException if it is not a regular file or cannot be read and written
     */
    static FileChannel openOwn(Path file) throws IOException {
        requireRegular(file);
        return openWritable(file);
    }

    /** Opens a stream as {@link #open} opens a channel. */
    static InputStream newInputStream(Path file) throws IOException {
        return Channels.newInputStream(open(file));
    }

    private static void requireRegular(Path file) throws IOException {
        if (!Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isRegularFile()) {
            throw new FileSystemException(file.toString(), null, "is not a regular file");
        }
    }

    private static FileChannel openWritable(Path file) throws IOException {
        return checked(
                file,
                FileChannel.open(
                        file,
                        Set.of(
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE,
                                LinkOption.NOFOLLOW_LINKS)));
    }

    /** The file may have been replaced before it was opened; a FIFO has no position. */
    private static FileChannel checked(Path file, FileChannel channel) throws IOException {
        try {
            return channel.position(0);
        } catch (IOException replaced) {
            channel.close();
            throw new FileSystemException(file.toString(), null, "is not a regular file");
        }
    }
}
