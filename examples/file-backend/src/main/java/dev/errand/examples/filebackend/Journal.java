package dev.errand.examples.filebackend;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/** The file: entries one behind the other, encrypted, and on the disk before they count. */
final class Journal {

    private static final int FORMAT = 1;
    private static final int NONCE_BYTES = 12;
    private static final int HEADER_BYTES = 3 * Integer.BYTES + NONCE_BYTES;

    private final SecureRandom random = new SecureRandom();
    private final RandomAccessFile file;
    private final SecretKey key;

    /** Where the first entry begins that was not read here yet. */
    private long position;

    Journal(Path file, SecretKey key) throws IOException {
        this.file = new RandomAccessFile(file.toFile(), "rw");
        this.key = key;
    }

    /**
     * Does something while everyone else is kept out who has the file open, in this process or in
     * another; what they have written since is read first.
     */
    @SuppressWarnings("try") // To have the lock is all.
    <T> T alone(Consumer<byte[]> reader, Callable<T> action) throws Exception {
        while (true) {
            try (FileLock lock = file.getChannel().lock()) {
                readOn(reader);
                return action.call();
            } catch (OverlappingFileLockException heldInThisProcess) {
                LockSupport.parkNanos(20_000);
            }
        }
    }

    private void readOn(Consumer<byte[]> reader) throws IOException, GeneralSecurityException {
        for (long left = file.length() - position; left > 0; left = file.length() - position) {
            file.seek(position);
            int format = left < HEADER_BYTES ? FORMAT : file.readInt();
            int length = left < HEADER_BYTES ? 0 : file.readInt();
            if (format != FORMAT || length != 0 && length != ~file.readInt()) {
                throw new IOException("no entry of format " + FORMAT + " at byte " + position);
            }
            if (left < HEADER_BYTES + length) {
                file.setLength(position); // its writer died before anybody was told of it
                return;
            }
            byte[] nonce = new byte[NONCE_BYTES];
            byte[] hidden = new byte[length];
            file.readFully(nonce);
            file.readFully(hidden);
            byte[] entry = crypt(Cipher.DECRYPT_MODE, nonce, hidden);
            position += HEADER_BYTES + length;
            reader.accept(entry);
        }
    }

    /** Adds an entry behind all others, and returns when it is on the disk. For who is alone. */
    void append(byte[] entry) throws IOException, GeneralSecurityException {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] hidden = crypt(Cipher.ENCRYPT_MODE, nonce, entry);
        ByteBuffer whole = ByteBuffer.allocate(HEADER_BYTES + hidden.length);
        whole.putInt(FORMAT).putInt(hidden.length).putInt(~hidden.length).put(nonce).put(hidden);
        try {
            file.seek(position);
            file.write(whole.array());
            file.getChannel().force(false);
            position += whole.capacity();
        } catch (IOException failure) {
            file.close(); // What is on the disk now, only who reads it anew can tell.
            throw failure;
        }
    }

    private byte[] crypt(int mode, byte[] nonce, byte[] bytes) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(128, nonce));
        cipher.updateAAD(ByteBuffer.allocate(Long.BYTES).putLong(0, position));
        return cipher.doFinal(bytes);
    }

    void close() throws IOException {
        file.close();
    }
}
