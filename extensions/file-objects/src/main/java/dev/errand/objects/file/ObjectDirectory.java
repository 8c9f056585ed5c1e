package dev.errand.objects.file;

import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.ObjectHead;
import dev.errand.spi.artifact.ObjectKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * Where everything lies, and the steps that change it.
 *
 * <pre>
 * signing-key                             unless the host keeps one of its own
 * incoming/                               uploads on their way, emptied at open
 * objects/team_7/{SHA-256 of key}         an object: its header, then its content
 * objects/team_7/{SHA-256 of key}.tags    its tags
 * </pre>
 *
 * <p>A file's name is made of digits that no client chose, so no key reaches outside, is too long,
 * is folded with another by the file system, or is at once a file and a directory. Each change is
 * one rename or one removal of one file, so that a kill at any moment leaves what was there or what
 * was to be. An object's lock orders the changes of it in this process; content is streamed outside
 * of it.
 */
final class ObjectDirectory {

    private static final int LOCKS = 64;

    /** How often a directory may be pruned under a file that is about to be moved into it. */
    private static final int MAX_PLACINGS = 100;

    private final Path root;
    private final Path objects;
    private final Path incoming;
    private final Object[] locks = IntStream.range(0, LOCKS).mapToObj(it -> new Object()).toArray();

    private ObjectDirectory(Path root) {
        this.root = root;
        this.objects = root.resolve("objects");
        this.incoming = root.resolve("incoming");
    }

    /** Makes the directory if need be, and removes what a killed process left on its way. */
    static ObjectDirectory open(Path root) {
        ObjectDirectory directory = new ObjectDirectory(root.toAbsolutePath());
        Disk.perform("open " + root, directory::prepare);
        return directory;
    }

    private void prepare() throws IOException {
        Disk.makeDirectory(objects);
        Disk.makeDirectory(incoming);
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(incoming)) {
            for (Path leftover : leftovers) {
                Files.deleteIfExists(leftover);
            }
        }
        Disk.force(root);
    }

    Path signingKey() {
        return root.resolve("signing-key");
    }

    Path incoming() {
        return incoming;
    }

    /** Opens an object; empty if there is none under the key. */
    Optional<OpenObject> open(String key) {
        return openFile(fileOf(key));
    }

    /** What is known of an object; empty if there is none under the key. */
    Optional<ObjectHead> head(String key) {
        Path file = fileOf(key);
        synchronized (lockOf(file)) {
            return openFile(file).map(object -> headOf(object, file));
        }
    }

    /** Puts a header and its content in an object's place. */
    void put(String key, Incoming incomingObject) {
        Path file = fileOf(key);
        Path temporary = incomingObject.complete();
        synchronized (lockOf(file)) {
            place(temporary, file);
        }
    }

    /** Replaces an object's tags; false if there is none under the key. */
    boolean tag(String key, Map<String, String> tags) {
        Path file = fileOf(key);
        synchronized (lockOf(file)) {
            Optional<ObjectHeader> header = openFile(file).map(ObjectDirectory::headerOf);
            header.ifPresent(it -> placeTags(file, new ObjectTags(it.generation(), tags)));
            return header.isPresent();
        }
    }

    /** Removes an object, its tags, and its project's directory if nothing else is in it. */
    boolean delete(String key) {
        Path file = fileOf(key);
        synchronized (lockOf(file)) {
            return Disk.attempt(
                    "delete " + file,
                    () -> {
                        boolean found = Files.deleteIfExists(file);
                        // Even if not found: a kill may have come between these two lines.
                        Files.deleteIfExists(tagsOf(file));
                        Path project = file.getParent();
                        Disk.force(prune(project) ? objects : project);
                        return found;
                    });
        }
    }

    private void placeTags(Path file, ObjectTags tags) {
        try (Incoming made = Incoming.in(incoming)) {
            byte[] bytes = Disk.attempt("write tags", tags::encode);
            made.write(bytes, bytes.length);
            place(made.complete(), tagsOf(file));
        }
    }

    private static void place(Path temporary, Path file) {
        Disk.perform("place " + file, () -> move(temporary, file));
    }

    private static void move(Path temporary, Path file) throws IOException {
        Path project = file.getParent();
        for (int placing = 1; ; placing++) {
            if (!Files.isDirectory(project)) {
                Disk.makeDirectory(project);
                Disk.force(project.getParent());
            }
            try {
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
                Disk.force(project);
                return;
            } catch (NoSuchFileException pruned) {
                if (placing == MAX_PLACINGS || Files.notExists(temporary)) {
                    throw pruned;
                }
            }
        }
    }

    private static boolean prune(Path project) throws IOException {
        try {
            return Files.deleteIfExists(project);
        } catch (DirectoryNotEmptyException stillUsed) {
            return false;
        }
    }

    private static Optional<OpenObject> openFile(Path file) {
        return Disk.attempt(
                "open " + file,
                () -> {
                    try {
                        return Optional.of(OpenObject.at(file));
                    } catch (NoSuchFileException none) {
                        return Optional.empty();
                    }
                });
    }

    private static ObjectHeader headerOf(OpenObject object) {
        Disk.perform("close an object", object::close);
        return object.header();
    }

    private static ObjectHead headOf(OpenObject object, Path file) {
        ObjectHeader header = headerOf(object);
        Optional<String> contentType =
                Optional.of(header.contentType()).filter(type -> !type.isEmpty());
        Map<String, String> tags = Disk.attempt("read tags", () -> readTags(file)).of(header);
        return new ObjectHead(OptionalLong.of(object.sizeInBytes()), contentType, tags);
    }

    private static ObjectTags readTags(Path file) throws IOException {
        try {
            return ObjectTags.decode(Files.readAllBytes(tagsOf(file)));
        } catch (NoSuchFileException none) {
            return new ObjectTags("", Map.of());
        }
    }

    private Path fileOf(String key) {
        ProjectId project =
                ObjectKeys.projectOf(key)
                        .orElseThrow(() -> new IllegalArgumentException("key has no project"));
        return objects.resolve("team_" + project).resolve(sha256(key));
    }

    private static Path tagsOf(Path file) {
        return file.resolveSibling(file.getFileName() + ".tags");
    }

    private Object lockOf(Path file) {
        return locks[Math.floorMod(file.hashCode(), LOCKS)];
    }

    private static String sha256(String text) {
        try {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException everyPlatformHasIt) {
            throw new IllegalStateException("SHA-256 is not available", everyPlatformHasIt);
        }
    }
}
