package dev.errand.objects.file;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * An object opened for reading: its file is never changed, only replaced, so what is read here is
 * of one upload.
 *
 * @param header what is known of it
 * @param content its bytes
 * @param sizeInBytes how many
 */
record OpenObject(ObjectHeader header, InputStream content, long sizeInBytes) implements Closeable {

    /** Opens a file; throws {@link java.nio.file.NoSuchFileException} if there is none. */
    static OpenObject at(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            InputStream stream = Channels.newInputStream(channel);
            ObjectHeader header = ObjectHeader.read(stream, file);
            return new OpenObject(header, stream, channel.size() - channel.position());
        } catch (IOException | RuntimeException unreadable) {
            channel.close();
            throw unreadable;
        }
    }

    @Override
    public void close() throws IOException {
        content.close();
    }
}
