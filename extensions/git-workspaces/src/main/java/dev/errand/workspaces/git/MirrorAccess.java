package dev.errand.workspaces.git;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.UUID;

/**
 * What other users of this machine can reach of a cache. They can enter the directories above the
 * objects of a mirror, but not list them, and the name of a mirror is secret: it depends on a value
 * that only the owner of the cache can read. So an agent of another user reads the mirror of its
 * own repository only.
 */
final class MirrorAccess {

    private static final Set<PosixFilePermission> REACHABLE =
            PosixFilePermissions.fromString("rwx--x--x");
    private static final Set<PosixFilePermission> LISTED =
            PosixFilePermissions.fromString("rwxr-xr-x");
    private static final Set<PosixFilePermission> READABLE =
            PosixFilePermissions.fromString("r--r--r--");

    private MirrorAccess() {}

    /** Returns the secret on which the names of mirrors depend, after creating it if necessary. */
    static String secret(Path cache) throws IOException {
        Path file = cache.resolve("secret");
        try {
            return Files.readString(file);
        } catch (NoSuchFileException missing) {
            Path written = cache.resolve(".secret-" + UUID.randomUUID());
            try {
                FileTrees.create(written, UUID.randomUUID().toString(), "rw-------");
                Files.createLink(file, written);
            } catch (FileAlreadyExistsException byAnotherProcess) {
                // Its secret applies.
            } finally {
                Files.deleteIfExists(written);
            }
            return Files.readString(file);
        }
    }

    /** Lets other users read the objects of a mirror, which is not being updated. */
    static void open(Path cache, Path mirror) throws IOException {
        Path repository = MirrorFiles.repository(mirror);
        for (Path directory = repository;
                directory != null && directory.startsWith(cache);
                directory = directory.getParent()) {
            Files.setPosixFilePermissions(directory, REACHABLE);
        }
        Deque<Path> pending = new ArrayDeque<>(Set.of(repository.resolve("objects")));
        while (!pending.isEmpty()) {
            Path path = pending.pop();
            if (FileTrees.isDirectory(path)) {
                set(path, LISTED);
                pending.addAll(FileTrees.entries(path));
            } else {
                set(path, READABLE);
            }
        }
    }

    private static void set(Path path, Set<PosixFilePermission> permissions) throws IOException {
        if (!Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS).equals(permissions)) {
            Files.setPosixFilePermissions(path, permissions);
        }
    }
}
