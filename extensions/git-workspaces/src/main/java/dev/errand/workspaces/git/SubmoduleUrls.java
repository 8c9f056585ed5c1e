package dev.errand.workspaces.git;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Decides which URLs of submodules are allowed: those on the server of the repository itself. */
final class SubmoduleUrls {

    private SubmoduleUrls() {}

    /**
     * Returns the location of a submodule, or empty if its URL is not allowed.
     *
     * @param parent the repository that contains the submodule
     * @param url the URL in {@code .gitmodules}
     */
    static Optional<RepositoryLocation> resolve(RepositoryLocation parent, String url) {
        boolean relative = url.startsWith("./") || url.startsWith("../");
        if (url.isBlank() || Texts.hasControlCharacters(url) || url.contains("::")) {
            return Optional.empty();
        }
        String base = parent.base();
        String resolved;
        if (relative) {
            if (!parent.url().startsWith(base)) {
                return Optional.empty();
            }
            String from = parent.url().substring(base.length());
            Optional<String> path = resolvePath(from, url);
            if (path.isEmpty()) {
                return Optional.empty();
            }
            resolved = base + path.get();
        } else {
            resolved = url;
        }
        boolean allowed =
                resolved.startsWith(base)
                        && resolved.length() > base.length()
                        && !("/" + resolved.substring(base.length()) + "/").contains("/../")
                        && !resolved.substring(base.length()).startsWith("-");
        return allowed
                ? Optional.of(
                        new RepositoryLocation(
                                parent.repository() + " (submodule)",
                                resolved,
                                parent.protocol(),
                                parent.host(),
                                parent.user(),
                                base))
                : Optional.empty();
    }

    /** Resolves a relative path in the way of git; empty if it leaves the server. */
    private static Optional<String> resolvePath(String from, String relative) {
        Deque<String> segments = new ArrayDeque<>();
        for (String segment : from.split("/")) {
            segments.addLast(segment);
        }
        for (String segment : relative.split("/")) {
            switch (segment) {
                case "", "." -> {
                    // Stays in the directory.
                }
                case ".." -> {
                    if (segments.pollLast() == null) {
                        return Optional.empty();
                    }
                }
                default -> segments.addLast(segment);
            }
        }
        return segments.isEmpty() ? Optional.empty() : Optional.of(String.join("/", segments));
    }
}
