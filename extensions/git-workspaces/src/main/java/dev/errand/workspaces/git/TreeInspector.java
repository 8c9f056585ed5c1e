package dev.errand.workspaces.git;

import dev.errand.spi.workspace.WorkspaceException;
import dev.errand.spi.workspace.WorkspaceException.Reason;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Checks the files of a commit against the limits, before any of them is written. */
final class TreeInspector {

    private static final int MAX_PATH_BYTES = 4096;
    private static final int MAX_NAME_BYTES = 255;

    private final GitLimits limits;
    private long files;
    private long bytes;

    private TreeInspector(GitLimits limits) {
        this.limits = limits;
    }

    /**
     * Reads the output of {@code git ls-tree -r -l -z}.
     *
     * @throws WorkspaceException if a limit is exceeded or a name is dangerous
     */
    static Void check(InputStream output, GitLimits limits) throws IOException {
        TreeInspector inspector = new TreeInspector(limits);
        InputStream entries = new BufferedInputStream(output);
        for (String entry = next(entries); !entry.isEmpty(); entry = next(entries)) {
            inspector.check(entry);
        }
        return null;
    }

    private static String next(InputStream entries) throws IOException {
        ByteArrayOutputStream entry = new ByteArrayOutputStream();
        for (int read = entries.read(); read > 0; read = entries.read()) {
            entry.write(read);
            if (entry.size() > 2 * MAX_PATH_BYTES) {
                throw new WorkspaceException(
                        Reason.UNSAFE_CONTENT, "The repository contains a path that is too long.");
            }
        }
        return entry.toString(StandardCharsets.ISO_8859_1);
    }

    /** Checks an entry of the form {@code <mode> <type> <id> <size>TAB<path>}. */
    private void check(String entry) {
        int tab = entry.indexOf('\t');
        String[] columns = entry.substring(0, tab).trim().split(" +");
        String path = entry.substring(tab + 1);
        files++;
        if (files > limits.checkoutFiles()) {
            throw tooLarge("more than %d files".formatted(limits.checkoutFiles()));
        }
        if (columns[1].equals("blob")) {
            long size = Long.parseLong(columns[3]);
            bytes += size;
            if (size > limits.fileBytes()) {
                throw tooLarge(
                        "a file of %d bytes, %s; %d are allowed"
                                .formatted(size, printable(path), limits.fileBytes()));
            }
            if (bytes > limits.checkoutBytes()) {
                throw tooLarge("files of more than %d bytes".formatted(limits.checkoutBytes()));
            }
        }
        if (path.length() > MAX_PATH_BYTES
                || List.of(path.split("/", -1)).stream().anyMatch(TreeInspector::isDangerous)) {
            throw new WorkspaceException(
                    Reason.UNSAFE_CONTENT,
                    "The repository contains a path that is dangerous to check out: "
                            + printable(path));
        }
    }

    private static boolean isDangerous(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return name.isEmpty()
                || name.length() > MAX_NAME_BYTES
                || name.equals(".")
                || name.equals("..")
                || lower.equals(".git")
                || lower.equals("git~1");
    }

    private static WorkspaceException tooLarge(String what) {
        return new WorkspaceException(Reason.TOO_LARGE, "The repository contains " + what + ".");
    }

    private static String printable(String path) {
        String decoded =
                new String(path.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        return Texts.printable(decoded, 200);
    }
}
