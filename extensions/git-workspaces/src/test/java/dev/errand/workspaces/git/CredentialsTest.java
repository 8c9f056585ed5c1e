package dev.errand.workspaces.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.workspace.Changes;
import dev.errand.spi.workspace.Changes.Push;
import dev.errand.spi.workspace.Workspace;
import dev.errand.spi.workspace.WorkspaceException;
import dev.errand.spi.workspace.WorkspaceException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The secret of a run reaches the server of its repository, and nothing else. */
class CredentialsTest extends AbstractWorkspaceTest {

    private static final String TOKEN = "planted-git-token";

    private GitHttpServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = GitHttpServer.start(root.resolve("remote"), "x-access-token", TOKEN);
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    @Override
    GitWorkspacesBuilder builder() {
        return GitWorkspaces.builder(cache(), RepositoryLocations.ofTemplate(server.template()));
    }

    private Requests withToken() {
        return Requests.of("acme/mobile").withToken(TOKEN);
    }

    @Test
    void tokenFetchesAndPushes() {
        GitWorkspaces workspaces = open(builder().push(true));
        LaunchRequest request = withToken().build();
        Workspace workspace = workspaces.prepare(request, directory(request)).orElseThrow();
        Shell.run(workspace.directory(), "echo x > x");

        Changes changes = workspaces.collect(workspace, request.secrets());

        assertThat(changes.push()).isEqualTo(new Push.Pushed(workspace.workBranch()));
        assertThat(Shell.run(bare(), "git rev-parse '" + workspace.workBranch() + "'"))
                .isEqualTo(changes.headCommit());
    }

    @Test
    void withoutTokenNothingIsPushed() {
        GitWorkspaces workspaces = open(builder().push(true));
        Workspace workspace = prepare(workspaces, withToken());
        Shell.run(workspace.directory(), "echo x > x");

        assertThat(collect(workspaces, workspace).push()).isEqualTo(new Push.NoCredential());
        assertThat(server.commands()).doesNotContain("push");
    }

    @Test
    void missingAndWrongTokensAreReported() {
        GitWorkspaces workspaces = open();

        WorkspaceException missing = failure(workspaces, Requests.of("acme/mobile"));
        WorkspaceException wrong =
                failure(workspaces, Requests.of("acme/mobile").withToken("planted-wrong-token"));

        assertThat(missing.reason()).isEqualTo(Reason.AUTHENTICATION_FAILED);
        assertThat(wrong.reason()).isEqualTo(Reason.AUTHENTICATION_FAILED);
        assertThat(wrong.toLaunchFailure().isRetryable()).isFalse();
        assertThat(wrong.toString()).doesNotContain("planted");
    }

    @Test
    void mirrorIsNoWayAroundTheServer() {
        GitWorkspaces workspaces = open();
        prepare(workspaces, withToken());

        assertThat(failure(workspaces, Requests.of("acme/mobile")).reason())
                .as("a run without access, although the mirror exists")
                .isEqualTo(Reason.AUTHENTICATION_FAILED);
    }

    @Test
    void unknownRepositoryOfTheServerIsReported() {
        assertThat(failure(open(), Requests.of("acme/unknown").withToken(TOKEN)).reason())
                .isEqualTo(Reason.REPOSITORY_UNKNOWN);
    }

    @Test
    void tokenIsNotSentToAnotherServer() throws IOException {
        try (GitHttpServer other =
                GitHttpServer.start(root.resolve("remote"), "x-access-token", TOKEN)) {
            server.redirectTo(other.template().replace("/{repository}", ""));

            WorkspaceException failure = failure(open(), withToken());

            assertThat(failure.reason()).isEqualTo(Reason.AUTHENTICATION_FAILED);
            assertThat(other.commands()).as("requests with a password").isEmpty();
        }
    }

    @Test
    void tokenIsInNoProcessListFileUrlOrConfiguration() throws IOException {
        assumeThat(Path.of("/proc/self/cmdline")).as("needs Linux").exists();
        List<String> found = new CopyOnWriteArrayList<>();
        List<String> git = new CopyOnWriteArrayList<>();
        server.duringRequest(() -> searchProcesses(found, git));
        GitWorkspaces workspaces = open(builder().push(true));
        LaunchRequest request = withToken().build();
        Workspace workspace = workspaces.prepare(request, directory(request)).orElseThrow();
        Shell.run(workspace.directory(), "echo x > x");
        Changes changes = workspaces.collect(workspace, request.secrets());

        assertThat(changes.push()).isInstanceOf(Push.Pushed.class);
        assertThat(git).as("the search saw git processes").isNotEmpty();
        assertThat(found).as("processes with the token").isEmpty();
        assertThat(filesWithToken(cache())).isEmpty();
        assertThat(filesWithToken(workspace.directory())).isEmpty();
        assertThat(patch(changes) + changes).doesNotContain(TOKEN);
    }

    private static void searchProcesses(List<String> found, List<String> git) {
        for (Path process : entries(Path.of("/proc"))) {
            if (process.getFileName().toString().matches("\\d+")) {
                String arguments = text(process.resolve("cmdline"));
                if (arguments.contains("git")) {
                    git.add(arguments);
                }
                // The variables of the test's own JVM contain nothing of a run.
                if (containsToken(arguments + text(process.resolve("environ")))) {
                    found.add(arguments);
                }
            }
        }
    }

    private static List<Path> entries(Path directory) {
        try {
            return FileTrees.entries(directory);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException ended) {
            return "";
        }
    }

    private static boolean containsToken(String text) {
        String pair = "x-access-token:" + TOKEN;
        return text.contains(TOKEN)
                || text.contains(
                        Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<Path> filesWithToken(Path directory) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path file : FileTrees.files(directory)) {
            if (containsToken(text(file))) {
                found.add(file);
            }
        }
        return found;
    }

    @Test
    void onlyTheQuestionForTheServerIsAnswered() throws IOException {
        open();
        Path secret = root.resolve("secret");
        Files.writeString(secret, TOKEN + "\n");
        Map<String, Boolean> questions =
                Map.of(
                        "Username for 'https://git.example.com': ", true,
                        "Password for 'https://bot@git.example.com': ", true,
                        "Password for 'https://git.example.com': ", false,
                        "Password for 'https://bot@evil.example': ", false,
                        "Password for 'https://bot@evil.example/bot@git.example.com': ", false,
                        "Password for 'http://bot@git.example.com': ", false,
                        "Username for 'https://git.example.com.evil.example': ", false,
                        "Password for '*': ", false,
                        "", false);
        questions.forEach(
                (question, answered) -> {
                    String output =
                            Shell.run(
                                    root,
                                    """
                                    export ERRAND_GIT_SCHEME=https ERRAND_GIT_HOST=git.example.com
                                    export ERRAND_GIT_USER=bot ERRAND_GIT_SECRET_FILE='%s'
                                    '%s' "%s" || echo refused
                                    """
                                            .formatted(
                                                    secret, cache().resolve("askpass"), question));
                    assertThat(output)
                            .as(question)
                            .isEqualTo(
                                    !answered
                                            ? "refused"
                                            : question.startsWith("User") ? "bot" : TOKEN);
                });
    }
}
