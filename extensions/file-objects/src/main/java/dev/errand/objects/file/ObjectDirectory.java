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
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * The directory layout and the operations on it.
 *
 * <pre>
 * signing-key                             unless the host supplies a key
 * incoming/                               temporary files, deleted at open
 * objects/team_7/{SHA-256 of key}         an object: header and content
 * objects/team_7/{SHA-256 of key}.tags    its tags
 * open-forms/{SHA-256 of key}             an empty file while the key accepts uploads; its
 *                                         modification time is the expiry of the latest form
 * </pre>
 *
 * <p>A hash as file name cannot reach outside of the directory, cannot be too long, cannot collide
 * in a case-insensitive file system, and cannot be a file and a directory at once. Each change
 * renames or deletes one file, so a crash at any moment leaves the state before or after it. A lock
 * per object orders changes within this process. Content is streamed outside of the lock.
 */
final class ObjectDirectory {

    private static final int LOCKS = 64;

    /** How often another thread may delete the target directory before a move gives up. */
    private static final int MAX_MOVES = 100;

    private final Path root;
    private final Path objects;
    private final Path incoming;
    private final Path openForms;
    private final Object[] locks = IntStream.range(0, LOCKS).mapToObj(it -> new Object()).toArray();

    private ObjectDirectory(Path root) {
        this.root = root;
        this.objects = root.resolve("objects");
        this.incoming = root.resolve("incoming");
        this.openForms = root.resolve("open-forms");
    }

    /**
     * Creates the directory if it is missing, and deletes temporary files of a killed process and
     * the markers of forms that have expired.
     */
    static ObjectDirectory open(Path root, Instant now) {
        ObjectDirectory directory = new ObjectDirectory(root.toAbsolutePath());
        DiskOperations.run("open " + root, () -> directory.prepare(now));
        return directory;
    }

    private void prepare(Instant now) throws IOException {
        DiskOperations.createDirectories(objects);
        DiskOperations.createDirectories(incoming);
        DiskOperations.createDirectories(openForms);
        deleteFiles(incoming, leftover -> true);
        FileTime expired = FileTime.from(now);
        deleteFiles(openForms, form -> Files.getLastModifiedTime(form).compareTo(expired) < 0);
        DiskOperations.sync(root);
    }

    private static void deleteFiles(Path directory, DirectoryStream.Filter<Path> filter)
            throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, filter)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
    }

    Path signingKey() {
        return root.resolve("signing-key");
    }

    Path incoming() {
        return incoming;
    }

    /** Opens an object for reading, or returns empty if the key has none. */
    Optional<OpenObject> open(String key) {
        return openFile(fileOf(key));
    }

    /** Returns the metadata of an object, or empty if the key has none. */
    Optional<ObjectHead> head(String key) {
        Path file = fileOf(key);
        synchronized (lockOf(file)) {
            return openFile(file).map(object -> headOf(object, file));
        }
    }

    /** Stores a file with header and content as the object of a key. */
    void put(String key, TemporaryFile content) {
        Path file = fileOf(key);
        Path temporary = content.complete();
        synchronized (lockOf(file)) {
            moveIntoPlace(temporary, file);
        }
    }

    /** Lets a key accept uploads, at least until a time. */
    void openUploads(String key, Instant expiry) {
        Path file = fileOf(key);
        Path form = formOf(file);
        synchronized (lockOf(file)) {
            DiskOperations.run(
                    "create " + form,
                    () -> {
                        if (!Files.exists(form)) {
                            Files.createFile(form);
                        } else if (Files.getLastModifiedTime(form).toInstant().isAfter(expiry)) {
                            return;
                        }
                        Files.setLastModifiedTime(form, FileTime.from(expiry));
                        DiskOperations.sync(form);
                        DiskOperations.sync(openForms);
                    });
        }
    }

    /** Whether a key accepts uploads. */
    boolean acceptsUploads(String key) {
        return Files.exists(formOf(fileOf(key)));
    }

    /** Like {@link #put}, if the key accepts uploads; otherwise returns false. */
    boolean putUpload(String key, TemporaryFile content) {
        Path file = fileOf(key);
        Path temporary = content.complete();
        synchronized (lockOf(file)) {
            boolean isOpen = Files.exists(formOf(file));
            if (isOpen) {
                moveIntoPlace(temporary, file);
            }
            return isOpen;
        }
    }

    /** Ends the uploads to a key that has an object, and returns its metadata. */
    Optional<ObjectHead> closeUploads(String key) {
        Path file = fileOf(key);
        synchronized (lockOf(file)) {
            Optional<ObjectHead> head = openFile(file).map(object -> headOf(object, file));
            if (head.isPresent()) {
                DiskOperations.run("close uploads to " + file, () -> deleteForm(file));
            }
            return head;
        }
    }

    private void deleteForm(Path file) throws IOException {
        if (Files.deleteIfExists(formOf(file))) {
            DiskOperations.sync(openForms);
        }
    }

    /** Replaces the tags of an object. Returns false if the key has none. */
    boolean tag(String key, Map<String, String> tags) {
        Path file = fileOf(key);
        synchronized (lockOf(file)) {
            Optional<ObjectHeader> header = openFile(file).map(ObjectDirectory::headerOf);
            header.ifPresent(it -> writeTags(file, new ObjectTags(it.generation(), tags)));
            return header.isPresent();
        }
    }

    /** Deletes an object, its tags, and the directory of its project if it is empty then. */
    boolean delete(String key) {
        Path file = fileOf(key);
        synchronized (lockOf(file)) {
            return DiskOperations.call(
                    "delete " + file,
                    () -> {
                        // First: a crash must not leave a form that creates the object again.
                        deleteForm(file);
                        boolean found = Files.deleteIfExists(file);
                        // Even if not found: a crash may have occurred between these two deletions.
                        Files.deleteIfExists(tagsOf(file));
                        Path project = Objects.requireNonNull(file.getParent());
                        DiskOperations.sync(deleteIfEmpty(project) ? objects : project);
                        return found;
                    });
        }
    }

    private void writeTags(Path file, ObjectTags tags) {
        try (TemporaryFile temporary = TemporaryFile.create(incoming)) {
            byte[] bytes = DiskOperations.call("write tags", tags::encode);
            temporary.write(bytes, bytes.length);
            moveIntoPlace(temporary.complete(), tagsOf(file));
        }
    }

    private void moveIntoPlace(Path temporary, Path file) {
        DiskOperations.run("move an object into place as " + file, () -> move(temporary, file));
    }

    private void move(Path temporary, Path file) throws IOException {
        Path project = Objects.requireNonNull(file.getParent());
        for (int attempt = 1; ; attempt++) {
            if (!Files.isDirectory(project)) {
                DiskOperations.createDirectories(project);
                DiskOperations.sync(objects);
            }
            try {
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
                DiskOperations.sync(project);
                return;
            } catch (NoSuchFileException pruned) {
                if (attempt == MAX_MOVES || Files.notExists(temporary)) {
                    throw pruned;
                }
            }
        }
    }

    private static boolean deleteIfEmpty(Path project) throws IOException {
        try {
            return Files.deleteIfExists(project);
        } catch (DirectoryNotEmptyException stillUsed) {
            return false;
        }
    }

    private static Optional<OpenObject> openFile(Path file) {
        return DiskOperations.call(
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
        DiskOperations.run("close an object", object::close);
        return object.header();
    }

    private static ObjectHead headOf(OpenObject object, Path file) {
        ObjectHeader header = headerOf(object);
        Optional<String> contentType =
                Optional.of(header.contentType()).filter(type -> !type.isEmpty());
        Map<String, String> tags =
                DiskOperations.call("read tags", () -> readTags(file)).of(header);
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
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "key does not name a project; see ObjectKeys"));
        return objects.resolve("team_" + project).resolve(sha256(key));
    }

    private Path formOf(Path file) {
        return openForms.resolve(Objects.requireNonNull(file.getFileName()));
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
