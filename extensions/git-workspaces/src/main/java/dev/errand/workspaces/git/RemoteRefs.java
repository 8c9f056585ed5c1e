package dev.errand.workspaces.git;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The branches and tags of a repository.
 *
 * @param defaultBranch the name of the default branch
 * @param objects object ids by full name, such as {@code refs/heads/main}
 */
record RemoteRefs(Optional<String> defaultBranch, Map<String, String> objects) {

    static final String BRANCHES = "refs/heads/";
    static final String TAGS = "refs/tags/";

    private static final String SYMBOLIC = "ref: ";
    private static final String OBJECT_ID = "[0-9a-f]{40}|[0-9a-f]{64}";

    /**
     * Parses the output of {@code git ls-remote --symref}. Names that git does not accept are left
     * out.
     */
    static RemoteRefs parse(String output) {
        Optional<String> head = Optional.empty();
        Map<String, String> objects = new HashMap<>();
        for (String line : output.split("\n")) {
            int tab = line.indexOf('\t');
            if (tab < 0) {
                continue;
            }
            String value = line.substring(0, tab);
            String name = line.substring(tab + 1);
            if (value.startsWith(SYMBOLIC + BRANCHES) && name.equals("HEAD")) {
                head = Optional.of(value.substring((SYMBOLIC + BRANCHES).length()));
            } else if (value.matches(OBJECT_ID) && isBranchOrTag(name)) {
                objects.put(name, value);
            }
        }
        Optional<String> existing = head.filter(branch -> objects.containsKey(BRANCHES + branch));
        return new RemoteRefs(existing, Map.copyOf(objects));
    }

    private static boolean isBranchOrTag(String name) {
        return name.startsWith(BRANCHES) && BranchNames.isValid(name.substring(BRANCHES.length()))
                || name.startsWith(TAGS) && BranchNames.isValid(name.substring(TAGS.length()));
    }

    /** Returns the commit of a branch. */
    Optional<String> commit(String branch) {
        return Optional.ofNullable(objects.get(BRANCHES + branch));
    }

    /** Whether object ids are SHA-256 instead of SHA-1. */
    boolean isSha256() {
        return objects.values().stream().anyMatch(id -> id.length() == 64);
    }
}
