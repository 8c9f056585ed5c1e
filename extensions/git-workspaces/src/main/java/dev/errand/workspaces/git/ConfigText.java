package dev.errand.workspaces.git;

/** Text of git's configuration files. */
final class ConfigText {

    private ConfigText() {}

    /** Quotes a value. */
    static String quoted(String value) {
        return "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }

    /**
     * Returns the sections about the remote repository.
     *
     * @param partial whether only some objects are present
     */
    static String remote(RepositoryLocation location, boolean partial) {
        String remote =
                """
                [remote "origin"]
                \turl = %s
                """
                        .formatted(quoted(location.url()));
        return partial ? remote + PARTIAL : remote;
    }

    /** Returns the section that makes fetches update the remote-tracking branches. */
    static String remoteBranches() {
        return """
        [remote "origin"]
        \tfetch = +refs/heads/*:refs/remotes/origin/*
        """;
    }

    private static final String PARTIAL =
            """
            \tpromisor = true
            \tpartialclonefilter = blob:none
            [core]
            \trepositoryformatversion = 1
            [extensions]
            \tpartialClone = origin
            """;

    /** Returns the section about the author of commits. */
    static String author(String name, String email) {
        return """
        [user]
        \tname = %s
        \temail = %s
        """
                .formatted(quoted(name), quoted(email));
    }
}
