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

/** The file: a sequence of encrypted entries. */
final class Journal {

    private static final int FORMAT = 1;
    private static final int NONCE_BYTES = 12;
    private static final int HEADER_BYTES = 3 * Integer.BYTES + NONCE_BYTES;

    private final SecureRandom random = new SecureRandom();
    private final RandomAccessFile file;
    private final SecretKey key;

    /** The position of the first entry that was not read yet. */
    private long position;

    Journal(Path file, SecretKey key) throws IOException {
        this.file = new RandomAccessFile(file.toFile(), "rw");
        this.key = key;
    }

    /**
     * Executes an action under an exclusive lock on the file, which also excludes other processes.
     * Entries that were appended since the last action are read first.
     */
    @SuppressWarnings("try") // The lock is held, not used.
    <T> T locked(Consumer<byte[]> reader, Callable<T> action) throws Exception {
        while (true) {
            try (FileLock lock = file.getChannel().lock()) {
                readNewEntries(reader);
                return action.call();
            } catch (OverlappingFileLockException heldInThisProcess) {
                LockSupport.parkNanos(20_000);
            }
        }
    }

    private void readNewEntries(Consumer<byte[]> reader)
            throws IOException, GeneralSecurityException {
        for (long left = file.length() - position; left > 0; left = file.length() - position) {
            file.seek(position);
            int format = left < HEADER_BYTES ? FORMAT : file.readInt();
            int length = left < HEADER_BYTES ? 0 : file.readInt();
            if (format != FORMAT || length != 0 && length != ~file.readInt()) {
                throw new IOException("no entry of format " + FORMAT + " at byte " + position);
            }
            if (left < HEADER_BYTES + length) {
                file.setLength(position); // an incomplete entry was never acknowledged
                return;
            }
            byte[] nonce = new byte[NONCE_BYTES];
            byte[] sealed = new byte[length];
            file.readFully(nonce);
            file.readFully(sealed);
            byte[] entry = crypt(Cipher.DECRYPT_MODE, nonce, sealed);
            position += HEADER_BYTES + length;
            reader.accept(entry);
        }
    }

    /** Appends an entry and forces it to disk. The caller holds the lock. */
    void append(byte[] entry) throws IOException, GeneralSecurityException {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] sealed = crypt(Cipher.ENCRYPT_MODE, nonce, entry);
        ByteBuffer buffer = ByteBuffer.allocate(HEADER_BYTES + sealed.length);
        buffer.putInt(FORMAT).putInt(sealed.length).putInt(~sealed.length).put(nonce).put(sealed);
        try {
            file.seek(position);
            file.write(buffer.array());
            file.getChannel().force(false);
            position += buffer.capacity();
        } catch (IOException failure) {
            file.close(); // The state of the file is unknown until it is opened again.
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
