package dev.errand.workspaces.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.workspace.WorkspaceException;
import dev.errand.spi.workspace.WorkspaceException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What git prints decides why a call failed. */
class FailuresTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AUTHENTICATION_FAILED | fatal: Authentication failed for 'https://git.example.com/a/b/'",
                "AUTHENTICATION_FAILED | fatal: could not read Username for 'https://git.example.com': terminal prompts disabled",
                "AUTHENTICATION_FAILED | fatal: unable to access 'https://x/': The requested URL returned error: 403",
                "AUTHENTICATION_FAILED | git@git.example.com: Permission denied (publickey). fatal: Could not read from remote repository.",
                "AUTHENTICATION_FAILED | Host key verification failed. fatal: Could not read from remote repository.",
                "REPOSITORY_UNKNOWN | remote: Repository not found. fatal: repository 'https://git.example.com/a/b/' not found",
                "REPOSITORY_UNKNOWN | fatal: '/srv/x' does not appear to be a git repository fatal: Could not read from remote repository.",
                "REPOSITORY_UNKNOWN | fatal: unable to access 'https://x/': The requested URL returned error: 404",
                "UNREACHABLE | fatal: unable to access 'https://x/': Could not resolve host: git.example.com",
                "UNREACHABLE | fatal: unable to access 'http://127.0.0.1:1/': Failed to connect to 127.0.0.1 port 1: Connection refused",
                "UNREACHABLE | fatal: unable to connect to 127.0.0.1: 127.0.0.1: errno=Connection refused",
                "UNREACHABLE | fatal: unable to access 'https://x/': The requested URL returned error: 503",
                "UNREACHABLE | fatal: unable to access 'https://x/': Operation too slow. Less than 1000 bytes/sec transferred the last 60 seconds",
                "UNREACHABLE | fetch-pack: unexpected disconnect while reading sideband packet fatal: early EOF",
                "UNREACHABLE | ssh: connect to host x port 22: Connection timed out fatal: Could not read from remote repository.",
                "UNSAFE_CONTENT | error: object 1234: hasDotgit: contains '.git' fatal: fsck error in packed object",
                "UNSAFE_CONTENT | error: invalid path 'a/git~1'",
                "TOO_LARGE | error: index-pack died of signal 25",
                "FAILED | fatal: write error: No space left on device",
                "FAILED | ''",
            })
    void reasonFollowsFromTheMessage(Reason reason, String message) {
        WorkspaceException failure = Failures.of("fetch the repository a/b", 128, message);

        assertThat(failure.reason()).isEqualTo(reason);
        assertThat(failure).hasMessageStartingWith("Cannot fetch the repository a/b. ");
    }

    @Test
    void messageOfAServerIsShortenedAndPrintable() {
        WorkspaceException failure =
                Failures.of("fetch", 128, "remote: \u001b[31m\r\n" + "x".repeat(5000));

        assertThat(failure.getMessage()).hasSizeLessThan(500).doesNotContain("\u001b", "\n");
    }
}
