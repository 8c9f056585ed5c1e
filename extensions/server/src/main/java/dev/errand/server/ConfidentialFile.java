package dev.errand.server;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/** The rule for files with keys, tokens and passwords: only their owner has access. */
final class ConfidentialFile {

    static final boolean SUPPORTS_PERMISSIONS =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private static final Set<PosixFilePermission> OWNER_PERMISSIONS =
            PosixFilePermissions.fromString("rwx------");

    private ConfidentialFile() {}

    /**
     * Returns what is wrong with a file: that other users can read or change it. A pipe, such as
     * {@code /dev/stdin}, has no permissions that matter.
     */
    static Optional<String> problem(Path file) throws IOException {
        return SUPPORTS_PERMISSIONS
                        && Files.isRegularFile(file)
                        && !OWNER_PERMISSIONS.containsAll(Files.getPosixFilePermissions(file))
                ? Optional.of("must be accessible only by its owner; run chmod 600")
                : Optional.empty();
    }
}
