package dev.errand.testpostgres;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Unpacks the PostgreSQL binaries once per user and version.
 *
 * <p>The target is a directory with a predictable name in the shared temporary directory, where any
 * user could have created it. It is therefore used only if it belongs to the current user and no
 * other user can write to it.
 */
final class PostgresInstallation {

    private static final String ARCHIVE = "/postgres-linux-x86_64.txz";
    private static final Path PROGRAM = Path.of("bin", "postgres");

    private PostgresInstallation() {}

    /** Returns whether the class path has binaries for this machine. */
    static boolean isAvailable() {
        return PostgresInstallation.class.getResource(ARCHIVE) != null;
    }

    /** Returns the directory with the binaries, after unpacking them if necessary. */
    static Path unpack(Path temporary) throws IOException {
        try (InputStream archive = PostgresInstallation.class.getResourceAsStream(ARCHIVE)) {
            if (archive == null) {
                throw new IllegalStateException(
                        "no PostgreSQL binaries for this machine on the class path (%s); set %s"
                                .formatted(ARCHIVE, PostgresServer.EXISTING_SERVER));
            }
            return unpack(archive.readAllBytes(), temporary);
        }
    }

    static Path unpack(byte[] archive, Path temporary) throws IOException {
        Path home = directory(archive, temporary);
        if (!Files.exists(home.resolve(PROGRAM))) {
            Path unpacking = Files.createTempDirectory(temporary, "errand-postgres");
            Path file = Files.write(unpacking.resolve("archive.txz"), archive);
            Path contents = Files.createDirectory(unpacking.resolve("contents"));
            // Root would otherwise give the files to the users that the archive names.
            Commands.run(
                    List.of(
                            "tar",
                            "-xJf",
                            file.toString(),
                            "-C",
                            contents.toString(),
                            "--no-same-owner"));
            Files.delete(file);
            Files.setPosixFilePermissions(contents, PosixFilePermissions.fromString("rwxr-xr-x"));
            moveUnlessPresent(contents, home);
            Files.deleteIfExists(unpacking);
        }
        requireTrusted(home);
        return home;
    }

    static Path directory(byte[] archive, Path temporary) {
        String user = System.getProperty("user.name").replaceAll("[^A-Za-z0-9._-]", "_");
        String version = Integer.toHexString(Arrays.hashCode(archive));
        return temporary.resolve("errand-postgres-" + user + "-" + version);
    }

    private static void moveUnlessPresent(Path contents, Path home) throws IOException {
        try {
            Files.move(contents, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException failure) {
            // Another JVM of this user may have unpacked the archive meanwhile.
            if (!Files.exists(home.resolve(PROGRAM))) {
                throw failure;
            }
        }
    }

    private static void requireTrusted(Path directory) throws IOException {
        PosixFileAttributes attributes =
                Files.readAttributes(
                        directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        Set<PosixFilePermission> permissions = attributes.permissions();
        UserPrincipal user = currentUser(directory.toAbsolutePath().getParent());
        if (!attributes.isDirectory()
                || !attributes.owner().equals(user)
                || permissions.contains(PosixFilePermission.GROUP_WRITE)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new IllegalStateException(
                    "%s must be a directory that only user %s can write to, but belongs to %s with permissions %s; delete it or set %s"
                            .formatted(
                                    directory,
                                    user.getName(),
                                    attributes.owner().getName(),
                                    PosixFilePermissions.toString(permissions),
                                    PostgresServer.EXISTING_SERVER));
        }
    }

    /** Determines the user by the owner of a new file, since the user.name property may differ. */
    private static UserPrincipal currentUser(Path temporary) throws IOException {
        Path probe = Files.createTempFile(temporary, "errand-owner", "");
        try {
            return Files.getOwner(probe);
        } finally {
            Files.deleteIfExists(probe);
        }
    }
}
