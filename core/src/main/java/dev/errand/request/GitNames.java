package dev.errand.request;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The rules for names that reach command lines of git and file systems (docs/wire/tasks.md#e8). A
 * name is valid if no rule of its kind finds anything in it.
 */
public final class GitNames {

    // spotless:off
    private static final List<Rule> RULES =
            List.of(
                    //   repository branch  invalid because of
                    rule(true,      true,   "[\\p{Cc}\\p{Z}]"),             // control characters and white space
                    rule(true,      true,   "^-"),                          // would be an option of a command
                    rule(true,      false,  "^(?![^/]+/[^/]+\\z)"),         // not two parts
                    rule(true,      false,  "(?:^|/)\\.{1,2}(?:/|\\z)"),    // a part that is a step in a path
                    rule(true,      false,  "[:@\\\\]"),                    // would be a URL, an SSH address or a Windows path
                    rule(false,     true,   "^/"),                          // would be an absolute path
                    rule(false,     true,   "\\.\\."),                      // a range of commits, a step in a path
                    rule(false,     true,   "[~^:?*\\[\\\\]"),              // operators of revisions and patterns
                    rule(false,     true,   "@\\{"),                        // an entry of the reflog
                    rule(false,     true,   "(?:/|\\.|\\.lock)\\z"));       // names that git reserves
    // spotless:on

    private GitNames() {}

    private record Rule(boolean ofRepositories, boolean ofBranches, Pattern invalid) {}

    private static Rule rule(boolean ofRepositories, boolean ofBranches, String invalid) {
        return new Rule(ofRepositories, ofBranches, Pattern.compile(invalid));
    }

    /** Whether a text without white space around it has the form {@code organization/name}. */
    public static boolean isRepository(String name) {
        return RULES.stream()
                .noneMatch(rule -> rule.ofRepositories && rule.invalid.matcher(name).find());
    }

    /** Whether a text without white space around it is a branch name. */
    public static boolean isBranch(String name) {
        return RULES.stream()
                .noneMatch(rule -> rule.ofBranches && rule.invalid.matcher(name).find());
    }
}
