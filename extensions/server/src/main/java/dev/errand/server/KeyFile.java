package dev.errand.server;

import dev.errand.spi.Secret;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The file with the secret from which a server's keys are derived, so that they survive a restart.
 */
final class KeyFile {

    private static final String H2_FILE = "jdbc:h2:file:";

    /** The paths that H2 accepts; checked before a key file is created beside the database. */
    private static final Pattern H2_PATH = Pattern.compile("/|~/|\\.\\.?/|[A-Za-z]:");

    private static final String OPTION = "--key-file";
    private static final int MIN_LENGTH = 32;

    private KeyFile() {}

    /**
     * Returns the path of a server's key file: the configured path, or beside the file of an H2
     * database; empty if no data survives the process.
     *
     * @throws InvalidOptionsException if data survives the process and no file is configured, or H2
     *     would reject the path of the database
     */
    static Optional<Path> of(ServerOptions options) {
        String backend = options.backend();
        if (options.keyFile().isPresent()) {
            return options.keyFile();
        }
        if (backend.startsWith(H2_FILE)) {
            String database = backend.substring(H2_FILE.length()).replaceFirst(";.*", "");
            if (!H2_PATH.matcher(database).lookingAt()) {
                throw InvalidOptionsException.of(
                        "--backend: the path behind jdbc:h2:file: must be absolute, or begin with"
                                + " ~/ or ./");
            }
            return Optional.of(Path.of(home(database) + ".key"));
        }
        if (backend.startsWith("jdbc:") && !backend.startsWith("jdbc:h2:mem:")) {
            throw InvalidOptionsException.of(
                    "this --backend requires --key-file FILE, since what it keeps outlives the"
                            + " process; the file is made if there is none");
        }
        return Optional.empty();
    }

    /** Resolves the home directory as H2 does. */
    private static String home(String path) {
        return path.startsWith("~/")
                ? System.getProperty("user.home") + path.substring("~".length())
                : path;
    }

    /**
     * Reads the secret, after generating it in a file with mode 600 if it does not exist.
     *
     * @throws InvalidOptionsException if the file cannot be created or read, if other users can
     *     read or change it, or if the secret is too short
     */
    static Secret readOrCreate(Path file) {
        String secret =
                readOrCreate(
                                OPTION,
                                file,
                                () -> TokenRegistry.random().reveal() + System.lineSeparator())
                        .strip();
        if (secret.length() < MIN_LENGTH) {
            throw invalid(OPTION, file, "must contain at least " + MIN_LENGTH + " characters");
        }
        return Secret.of(secret);
    }

    /**
     * Reads a confidential file, after writing the generated content to it if it does not exist.
     *
     * @param option the option that names the file
     * @throws InvalidOptionsException if the file cannot be created or read, or if other users can
     *     read or change it
     */
    static String readOrCreate(String option, Path file, Supplier<String> content) {
        try {
            if (Files.notExists(file)) {
                create(file.toAbsolutePath(), content.get());
            }
            ConfidentialFile.problem(file)
                    .ifPresent(
                            problem -> {
                                throw invalid(option, file, problem);
                            });
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException | UnsupportedOperationException failure) {
            String reason = failure.getClass().getSimpleName();
            throw invalid(option, file, "cannot be created or read, " + reason);
        }
    }

    private static void create(Path file, String content) throws IOException {
        Files.createDirectories(file.getParent());
        Path temporary = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID());
        try {
            write(temporary, content);
            // Unlike a rename, a hard link never replaces the file that another server created.
            Files.createLink(file, temporary);
        } catch (FileAlreadyExistsException createdConcurrently) {
            // The secret of the other server is used.
        } catch (IOException | RuntimeException failure) {
            try {
                Files.deleteIfExists(temporary);
            } catch (IOException suppressed) {
                failure.addSuppressed(suppressed);
            }
            throw failure;
        }
        Files.deleteIfExists(temporary);
    }

    private static void write(Path file, String content) throws IOException {
        try (FileChannel channel =
                        FileChannel.open(
                                file,
                                EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                                permissions());
                OutputStream out = Channels.newOutputStream(channel)) {
            out.write(content.getBytes(StandardCharsets.US_ASCII));
            channel.force(true);
        }
    }

    private static FileAttribute<?>[] permissions() {
        return ConfidentialFile.SUPPORTS_PERMISSIONS
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static InvalidOptionsException invalid(String option, Path file, String problem) {
        return InvalidOptionsException.of(option + ": " + file + " " + problem);
    }
}
