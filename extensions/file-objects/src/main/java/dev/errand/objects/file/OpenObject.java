package dev.errand.objects.file;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * An object that is open for reading. Files are replaced but never changed, so all data comes from
 * one upload.
 *
 * @param header the metadata
 * @param content the content
 * @param sizeInBytes the size of the content
 */
record OpenObject(ObjectHeader header, InputStream content, long sizeInBytes) implements Closeable {

    /**
     * Opens a file.
     *
     * @throws java.nio.file.NoSuchFileException if it does not exist
     */
    static OpenObject at(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            InputStream stream = Channels.newInputStream(channel);
            ObjectHeader header = ObjectHeader.read(stream, file);
            return new OpenObject(header, stream, channel.size() - channel.position());
        } catch (IOException | RuntimeException unreadable) {
            try {
                channel.close();
            } catch (IOException closeFailure) {
                unreadable.addSuppressed(closeFailure);
            }
            throw unreadable;
        }
    }

    @Override
    public void close() throws IOException {
        content.close();
    }
}
