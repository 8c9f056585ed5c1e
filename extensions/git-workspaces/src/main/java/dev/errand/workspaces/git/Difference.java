package dev.errand.workspaces.git;

import dev.errand.spi.workspace.Changes.ChangedFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The difference between the commit that was checked out and the files as they are now. */
final class Difference {

    private static final int MAX_LISTED = 1000;

    /**
     * The changed files.
     *
     * @param count how many there are
     * @param first the first of them
     */
    record Files(long count, List<ChangedFile> first) {}

    private final CollectorRepository repository;
    private final String base;
    private final String tree;

    Difference(CollectorRepository repository, String base, String tree) {
        this.repository = repository;
        this.base = base;
        this.tree = tree;
    }

    /** Lists the changed files. A renamed file is one that was deleted and one that was added. */
    Files files() {
        Map<String, ChangedFile.Kind> kinds = new HashMap<>();
        List<String> statuses = list("--name-status");
        for (int i = 0; i + 1 < statuses.size() && kinds.size() < MAX_LISTED; i += 2) {
            kinds.put(statuses.get(i + 1), kind(statuses.get(i)));
        }
        List<ChangedFile> first = new ArrayList<>();
        for (String line : list("--numstat")) {
            String[] columns = line.split("\t", 3);
            Optional.ofNullable(kinds.get(columns[2]))
                    .ifPresent(kind -> first.add(file(columns, kind)));
        }
        return new Files(statuses.size() / 2, first);
    }

    private static ChangedFile.Kind kind(String status) {
        return switch (status) {
            case "A" -> ChangedFile.Kind.ADDED;
            case "D" -> ChangedFile.Kind.DELETED;
            default -> ChangedFile.Kind.MODIFIED;
        };
    }

    /** Creates a file from the added lines, the deleted lines and the path. */
    private static ChangedFile file(String[] columns, ChangedFile.Kind kind) {
        boolean binary = columns[0].equals("-");
        return new ChangedFile(
                CollectorRepository.decoded(columns[2]),
                kind,
                binary ? 0 : Long.parseLong(columns[0]),
                binary ? 0 : Long.parseLong(columns[1]),
                binary);
    }

    private List<String> list(String form) {
        return CollectorRepository.texts(
                repository.call("diff-tree", "-r", "-z", "--no-renames", form, base, tree),
                CollectorRepository.BYTES);
    }

    /** Writes the patch to a file; returns whether it is complete and within the limit. */
    boolean writePatch(Path patch, long maxBytes) {
        return CollectorRepository.write(
                repository.call(
                        "diff-tree",
                        "-p",
                        "--binary",
                        "--full-index",
                        "--find-renames",
                        "--no-ext-diff",
                        "--no-textconv",
                        "--no-color",
                        base,
                        tree),
                patch,
                maxBytes);
    }
}
