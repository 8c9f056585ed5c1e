package dev.errand.server;

import dev.errand.spi.Secret;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/** The file with the secret that a server's keys come from, so that they outlive the process. */
final class KeyFile {

    private static final String H2_FILE = "jdbc:h2:file:";

    /** As H2 wants it; told here, before anything is made beside a file that will not be. */
    private static final Pattern H2_PATH = Pattern.compile("/|~/|\\.\\.?/|[A-Za-z]:");

    private static final int MIN_LENGTH = 32;
    private static final boolean HAS_PERMISSIONS =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    private static final Set<PosixFilePermission> OWNERS =
            PosixFilePermissions.fromString("rwx------");

    private KeyFile() {}

    /**
     * Where a server has its key file: where its options say, else beside the file of an H2
     * database; nowhere if nothing it keeps outlives the process.
     *
     * @throws InvalidOptions if a database outlives the process and no file is named, or the path
     *     of an H2 database is one that H2 refuses
     */
    static Optional<Path> of(ServerOptions options) {
        String backend = options.backend();
        if (options.keyFile().isPresent()) {
            return options.keyFile();
        }
        if (backend.startsWith(H2_FILE)) {
            String database = backend.substring(H2_FILE.length()).replaceFirst(";.*", "");
            if (!H2_PATH.matcher(database).lookingAt()) {
                throw InvalidOptions.because(
                        "--backend: the path behind jdbc:h2:file: must be absolute, or begin with"
                                + " ~/ or ./");
            }
            return Optional.of(Path.of(home(database) + ".key"));
        }
        if (backend.startsWith("jdbc:") && !backend.startsWith("jdbc:h2:mem:")) {
            throw InvalidOptions.because(
                    "this --backend needs --key-file FILE, since what it keeps outlives the"
                            + " process; the file is made if there is none");
        }
        return Optional.empty();
    }

    /** H2 reads it like this. */
    private static String home(String path) {
        return path.startsWith("~/")
                ? System.getProperty("user.home") + path.substring("~".length())
                : path;
    }

    /**
     * Reads the secret; makes a new one, for its owner alone, if there is none.
     *
     * @throws InvalidOptions if the file cannot be made or read, if others may read or change it,
     *     or if it is too short to be safe
     */
    static Secret readOrMake(Path file) {
        try {
            if (Files.notExists(file)) {
                make(file.toAbsolutePath());
            }
            if (HAS_PERMISSIONS && !OWNERS.containsAll(Files.getPosixFilePermissions(file))) {
                throw refused(file, "is open to others; chmod 600 closes it");
            }
            String secret = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
            if (secret.length() < MIN_LENGTH) {
                throw refused(file, "must hold at least " + MIN_LENGTH + " characters");
            }
            return Secret.of(secret);
        } catch (IOException | UnsupportedOperationException failure) {
            String reason = failure.getClass().getSimpleName();
            throw refused(file, "cannot be made or read, " + reason);
        }
    }

    /** A link, since unlike a rename it never replaces: what another server made is kept. */
    private static void make(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Path made = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID());
        try (FileChannel channel =
                        FileChannel.open(
                                made,
                                EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                                permissions());
                OutputStream out = Channels.newOutputStream(channel)) {
            String line = Tokens.random().reveal() + System.lineSeparator();
            out.write(line.getBytes(StandardCharsets.US_ASCII));
            channel.force(true);
            Files.createLink(file, made);
        } catch (FileAlreadyExistsException madeByAnother) {
            // It is as good as ours.
        } finally {
            Files.deleteIfExists(made);
        }
    }

    private static FileAttribute<?>[] permissions() {
        return HAS_PERMISSIONS
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static InvalidOptions refused(Path file, String problem) {
        return InvalidOptions.because("--key-file: " + file + " " + problem);
    }
}
