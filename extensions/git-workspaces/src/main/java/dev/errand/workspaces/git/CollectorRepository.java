package dev.errand.workspaces.git;

import dev.errand.spi.workspace.WorkspaceException;
import dev.errand.spi.workspace.WorkspaceException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A repository of Errand's own, with which the files of a checkout are compared. It reads the
 * objects of the checkout and of the mirror. Its configuration is Errand's, so that what an agent
 * wrote into the checkout's configuration has no effect.
 */
final class CollectorRepository {

    /** The copy of the file that names the commits without parents in a shallow mirror. */
    static final String SHALLOW = "shallow";

    /** File names are bytes; this charset keeps all of them. */
    static final Charset BYTES = StandardCharsets.ISO_8859_1;

    private static final int MAX_LIST_BYTES = 64 * 1024 * 1024;
    private static final String ACTION = "collect the changes";

    private final Area area;
    private final GitSettings settings;
    private final Path checkout;
    private final Path directory;

    CollectorRepository(Area area, GitSettings settings, Path checkout) {
        this.area = area;
        this.settings = settings;
        this.checkout = checkout;
        this.directory = area.file("collector.git");
    }

    /**
     * Creates the repository, in place of an earlier one.
     *
     * @param sample an object id, from which the kind of object ids follows
     * @param objects the directories of objects to read
     */
    void create(String sample, Collection<Path> objects, RepositoryLocation location)
            throws IOException {
        FileTrees.delete(directory);
        FileTrees.createDirectories(directory);
        call(
                        "init",
                        "--quiet",
                        "--bare",
                        "--object-format=" + (sample.length() == 64 ? "sha256" : "sha1"))
                .run(ACTION)
                .orThrow(ACTION);
        if (settings.partial()) {
            Files.writeString(
                    directory.resolve("config"),
                    ConfigText.remote(location, true),
                    StandardOpenOption.APPEND);
        }
        Path alternates = directory.resolve("objects").resolve("info").resolve("alternates");
        Files.createDirectories(directory.resolve("objects").resolve("info"));
        Files.writeString(
                alternates,
                objects.stream().map(path -> path + "\n").collect(Collectors.joining()));
        Path shallow = area.file(SHALLOW);
        if (FileTrees.isFile(shallow)) {
            Files.copy(shallow, directory.resolve(SHALLOW), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Prepares a call that reads neither the checkout nor an index. */
    GitCall call(String... arguments) {
        return area.git(directory, arguments)
                .variable("GIT_DIR", directory.toString())
                .timeLimit(settings.timeLimit())
                .maxFileBytes(settings.limits().repositoryBytes());
    }

    /** Prepares a call that compares the files of the checkout with the collector's index. */
    GitCall callOnFiles(String... arguments) {
        List<String> all = new ArrayList<>();
        if (settings.largeFiles()) {
            all.addAll(LargeFiles.FILTERS);
        }
        all.addAll(List.of(arguments));
        GitCall call =
                area.git(checkout, all.toArray(String[]::new))
                        .timeLimit(settings.timeLimit())
                        .maxFileBytes(settings.limits().repositoryBytes());
        Map.of(
                        "GIT_DIR", directory.toString(),
                        "GIT_WORK_TREE", checkout.toString(),
                        "GIT_INDEX_FILE", directory.resolve("errand-index").toString())
                .forEach(call::variable);
        return call;
    }

    /** Returns the output of a call. */
    static String output(GitCall call) {
        return call.run(ACTION).orThrow(ACTION).strip();
    }

    /** Returns the texts of an output that are terminated by NUL. */
    static List<String> texts(GitCall call, Charset charset) {
        return call.read(ACTION, output -> texts(output, charset)).orThrow(ACTION);
    }

    private static List<String> texts(InputStream output, Charset charset) throws IOException {
        byte[] bytes = output.readNBytes(MAX_LIST_BYTES + 1);
        if (bytes.length > MAX_LIST_BYTES) {
            throw new WorkspaceException(Reason.TOO_LARGE, "Too many files were changed.");
        }
        List<String> texts = new ArrayList<>();
        int start = 0;
        for (int end = 0; end < bytes.length; end++) {
            if (bytes[end] == 0) {
                texts.add(new String(bytes, start, end - start, charset));
                start = end + 1;
            }
        }
        return texts;
    }

    /** Returns a file name that was read with {@link #BYTES}. */
    static String decoded(String path) {
        return new String(path.getBytes(BYTES), StandardCharsets.UTF_8);
    }

    /** Writes the output of a call to a file; returns whether it has at most a number of bytes. */
    static boolean write(GitCall call, Path file, long maxBytes) {
        return call.read(ACTION, output -> write(output, file, maxBytes)).orThrow(ACTION);
    }

    private static boolean write(InputStream output, Path file, long maxBytes) throws IOException {
        FileTrees.replace(file, "", "rw-------");
        byte[] buffer = new byte[64 * 1024];
        long written = 0;
        try (var content = Files.newOutputStream(file)) {
            for (int read = output.read(buffer); read >= 0; read = output.read(buffer)) {
                written += read;
                if (written <= maxBytes) {
                    content.write(buffer, 0, read);
                }
            }
        }
        return written <= maxBytes;
    }
}
