package dev.errand.workspaces.git;

import dev.errand.spi.workspace.WorkspaceException;
import dev.errand.spi.workspace.WorkspaceException.Reason;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;

/** Decides from what git prints why it failed. */
final class Failures {

    private static final int MAX_LENGTH = 300;

    /** Exit code of a process that exceeded the limit of a file's size (SIGXFSZ). */
    private static final int FILE_SIZE_EXCEEDED = 128 + 25;

    private record Rule(Pattern output, Reason reason, String message) {}

    // spotless:off
    /** The first rule that matches applies. */
    private static final List<Rule> RULES = List.of(
            rule(Reason.TOO_LARGE, "It exceeds the size limit.",
                    "died of signal 25|File too large|pack exceeds maximum allowed size"),
            rule(Reason.UNSAFE_CONTENT, "It contains something that is not safe to check out.",
                    "hasDot(git)?\\b|hasDotdot|fullPathname|gitmodules|invalid path|disallowed submodule|fsck error|fsck issue"),
            rule(Reason.AUTHENTICATION_FAILED, "The server requires a credential that it accepts.",
                    "Authentication failed|could not read (Username|Password)|Permission denied \\(|Host key verification failed|HTTP Basic: Access denied|returned error: (401|403)|unable to read askpass"),
            rule(Reason.REPOSITORY_UNKNOWN, "The server has no such repository, or does not show it to this user.",
                    "[Rr]epository .*not found|does not appear to be a git repository|returned error: (404|410)|not exported|/info/refs not valid"),
            rule(Reason.UNREACHABLE, "The server cannot be reached or did not answer in time.",
                    "Could not resolve host|[Ff]ailed to connect|Couldn't connect|Connection (refused|timed out|reset)|unable to (connect|look up)|Network is unreachable|Operation timed out|Operation too slow|early EOF|RPC failed|hung up unexpectedly|returned error: (408|429|5\\d\\d)|Empty reply|transfer closed|expected flush|SSL|TLS|GnuTLS|disconnect|Could not read from remote repository"));
    // spotless:on

    private Failures() {}

    private static Rule rule(Reason reason, String message, String output) {
        return new Rule(Pattern.compile(output), reason, message);
    }

    /** Returns the failure of a call. */
    static WorkspaceException of(String action, int exitCode, String standardError) {
        if (exitCode == FILE_SIZE_EXCEEDED) {
            return failure(RULES.get(0).reason, action, RULES.get(0).message, "");
        }
        return RULES.stream()
                .filter(rule -> rule.output.matcher(standardError).find())
                .findFirst()
                .map(rule -> failure(rule.reason, action, rule.message, standardError))
                .orElseGet(
                        () ->
                                failure(
                                        Reason.FAILED,
                                        action,
                                        "git exited with code " + exitCode + ".",
                                        standardError));
    }

    static WorkspaceException timedOut(String action, Reason reason) {
        return failure(reason, action, "It took too long.", "");
    }

    static WorkspaceException of(String action, IOException cause) {
        return new WorkspaceException(
                Reason.FAILED, "Cannot " + action + ": " + cause.getMessage(), cause);
    }

    private static WorkspaceException failure(
            Reason reason, String action, String message, String standardError) {
        String said = Texts.printable(standardError, MAX_LENGTH);
        return new WorkspaceException(
                reason,
                "Cannot "
                        + action
                        + ". "
                        + message
                        + (said.isEmpty() ? "" : " (git: " + said + ")"));
    }
}
