package dev.errand.workspaces.git;

import dev.errand.spi.sandbox.LaunchRequest;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Names of branches. */
final class BranchNames {

    private static final int MAX_LENGTH = 255;
    private static final int MAX_SLUG_LENGTH = 40;
    private static final Pattern FORBIDDEN =
            Pattern.compile("[\\p{Cntrl}\\s~^:?*\\[\\\\]|\\.\\.|@\\{|//|^@$|^HEAD$");

    private BranchNames() {}

    /** Whether git accepts the name for a branch ({@code git check-ref-format --branch}). */
    static boolean isValid(String name) {
        return !name.isEmpty()
                && name.length() <= MAX_LENGTH
                && !name.startsWith("-")
                && !name.endsWith(".")
                && !FORBIDDEN.matcher(name).find()
                && List.of(name.split("/", -1)).stream().allMatch(BranchNames::isValidSegment);
    }

    private static boolean isValidSegment(String segment) {
        return !segment.isEmpty() && !segment.startsWith(".") && !segment.endsWith(".lock");
    }

    /** Returns {@code errand/<slug>-<run>}: the name of the work branch of a run. */
    static String workBranch(LaunchRequest request) {
        return "errand/" + slug(request.task().details().title()) + "-" + request.run().id();
    }

    /** Whether a branch is a work branch of a run, whatever the title of its task was. */
    static boolean isWorkBranch(String branch, LaunchRequest request) {
        return branch.startsWith("errand/") && branch.endsWith("-" + request.run().id());
    }

    /** Returns the letters and digits of a title, separated by {@code -}. */
    static String slug(String title) {
        String words = title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        String slug = words.substring(0, Math.min(words.length(), MAX_SLUG_LENGTH));
        String trimmed = slug.replaceAll("^-+|-+$", "");
        return trimmed.isEmpty() ? "task" : trimmed;
    }
}
