package dev.errand.workspaces.git;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The {@code .git} directory of a checkout after the agent's end. Git itself never reads it as a
 * repository, because its configuration can name programs to execute. Only the current branch and
 * the objects are read, and only if they are ordinary files within the checkout.
 */
final class AgentRepository {

    private static final String SYMBOLIC = "ref: " + RemoteRefs.BRANCHES;
    private static final Pattern OBJECT_ID = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
    private static final int MAX_REF_BYTES = 4096;
    private static final int MAX_PACKED_BYTES = 64 * 1024 * 1024;

    /**
     * What is checked out.
     *
     * @param branch the branch; empty if none is checked out
     * @param commit its commit; empty if there is none
     */
    record Head(Optional<String> branch, Optional<String> commit) {}

    private final Path directory;

    /**
     * @param checkout the directory of the checkout
     */
    AgentRepository(Path checkout) {
        this.directory = checkout.resolve(".git");
    }

    Path objects() {
        return directory.resolve("objects");
    }

    /** Reads what is checked out; empty if that is not possible. */
    Optional<Head> head() throws IOException {
        if (!FileTrees.isDirectory(directory)) {
            return Optional.empty();
        }
        String head = read(directory.resolve("HEAD"), MAX_REF_BYTES).orElse("").strip();
        if (OBJECT_ID.matcher(head).matches()) {
            return Optional.of(new Head(Optional.empty(), Optional.of(head)));
        }
        String branch = head.startsWith(SYMBOLIC) ? head.substring(SYMBOLIC.length()) : "";
        return BranchNames.isValid(branch)
                ? Optional.of(new Head(Optional.of(branch), commit(branch)))
                : Optional.empty();
    }

    private Optional<String> commit(String branch) throws IOException {
        String name = RemoteRefs.BRANCHES + branch;
        Path file = directory;
        for (String segment : name.split("/")) {
            if (!FileTrees.isDirectory(file)) {
                return packedCommit(name);
            }
            file = file.resolve(segment);
        }
        Optional<String> loose = read(file, MAX_REF_BYTES).map(String::strip);
        return loose.isPresent()
                ? loose.filter(id -> OBJECT_ID.matcher(id).matches())
                : packedCommit(name);
    }

    private Optional<String> packedCommit(String name) throws IOException {
        return read(directory.resolve("packed-refs"), MAX_PACKED_BYTES)
                .flatMap(
                        text ->
                                text.lines()
                                        .filter(line -> line.endsWith(" " + name))
                                        .map(line -> line.substring(0, line.indexOf(' ')))
                                        .filter(id -> OBJECT_ID.matcher(id).matches())
                                        .findFirst());
    }

    /**
     * Whether git can read the objects without leaving the checkout: there are no symbolic links,
     * and the only other objects are those of the mirror.
     */
    boolean hasSafeObjects(Path mirrorObjects) throws IOException {
        if (!FileTrees.isDirectory(directory) || !FileTrees.isDirectory(objects())) {
            return false;
        }
        for (Path file : FileTrees.files(objects())) {
            if (!FileTrees.isFile(file)) {
                return false;
            }
        }
        Path alternates = objects().resolve("info").resolve("alternates");
        return !Files.exists(alternates, LinkOption.NOFOLLOW_LINKS)
                || read(alternates, MAX_REF_BYTES)
                        .filter(text -> text.strip().equals(mirrorObjects.toString()))
                        .isPresent();
    }

    /** Reads an ordinary file of limited size. */
    private static Optional<String> read(Path file, int maxBytes) throws IOException {
        if (!FileTrees.isFile(file)) {
            return Optional.empty();
        }
        try (InputStream content = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = content.readNBytes(maxBytes + 1);
            return bytes.length > maxBytes
                    ? Optional.empty()
                    : Optional.of(new String(bytes, StandardCharsets.UTF_8));
        }
    }
}
