package dev.errand.objects.file;

import dev.errand.spi.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/** The key that signs forms and links, kept beside the objects so that forms outlive a restart. */
final class SigningKeyFile {

    private static final int BYTES = 32;
    private static final int MIN_LENGTH = 16;

    private SigningKeyFile() {}

    /** Reads the key; makes one if there is none. Whoever does so first, all get the same one. */
    static Secret readOrMake(Path file, Path incoming, SecureRandom random) {
        if (Files.notExists(file)) {
            make(file, incoming, random);
        }
        String key =
                Disk.attempt(
                        "read " + file,
                        () -> Files.readString(file, StandardCharsets.ISO_8859_1).strip());
        if (key.length() < MIN_LENGTH) {
            throw Disk.unreadable(file, "is damaged; once it is removed, a new key is made");
        }
        return Secret.of(key);
    }

    private static void make(Path file, Path incoming, SecureRandom random) {
        byte[] secret = new byte[BYTES];
        random.nextBytes(secret);
        byte[] text = Base64.getUrlEncoder().withoutPadding().encode(secret);
        try (Incoming made = Incoming.in(incoming)) {
            made.write(text, text.length);
            Path temporary = made.complete();
            Disk.perform("make " + file, () -> linkUnlessThere(file, temporary));
        }
    }

    /** A link, since unlike a rename it never replaces: a key that another process made is kept. */
    private static void linkUnlessThere(Path file, Path temporary) throws IOException {
        try {
            Files.createLink(file, temporary);
            Disk.force(file.getParent());
        } catch (FileAlreadyExistsException madeByAnother) {
            // It is as good as ours.
        } catch (UnsupportedOperationException noLinksHere) {
            throw new IOException(
                    "this file system has no hard links; pass a signing key", noLinksHere);
        }
    }
}
