package dev.errand.objects.file;

import dev.errand.spi.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Objects;

/**
 * The key that signs forms and links, stored beside the objects so that forms stay valid across a
 * restart.
 */
final class SigningKeyFile {

    private static final int BYTES = 32;
    private static final int MIN_LENGTH = 16;

    private SigningKeyFile() {}

    /** Reads the key, after generating it if it is missing. Concurrent callers get the same key. */
    static Secret readOrCreate(Path file, Path incoming, SecureRandom random) {
        if (Files.notExists(file)) {
            create(file, incoming, random);
        }
        String key =
                DiskOperations.call(
                        "read " + file,
                        () -> Files.readString(file, StandardCharsets.ISO_8859_1).strip());
        if (key.length() < MIN_LENGTH) {
            throw DiskOperations.invalidFile(file, "is damaged; delete it to generate a new key");
        }
        return Secret.of(key);
    }

    private static void create(Path file, Path incoming, SecureRandom random) {
        byte[] secret = new byte[BYTES];
        random.nextBytes(secret);
        byte[] text = Base64.getUrlEncoder().withoutPadding().encode(secret);
        try (TemporaryFile created = TemporaryFile.create(incoming)) {
            created.write(text, text.length);
            Path temporary = created.complete();
            DiskOperations.run("create " + file, () -> linkIfAbsent(file, temporary));
        }
    }

    /** Uses a hard link because, unlike a rename, it never replaces a key of another process. */
    private static void linkIfAbsent(Path file, Path temporary) throws IOException {
        try {
            Files.createLink(file, temporary);
            DiskOperations.sync(Objects.requireNonNull(file.getParent()));
        } catch (FileAlreadyExistsException createdConcurrently) {
            // The key of the other process is used.
        } catch (UnsupportedOperationException noLinksHere) {
            throw new IOException(
                    "the file system does not support hard links;"
                            + " call FileObjectStore.open with a signing key",
                    noLinksHere);
        }
    }
}
