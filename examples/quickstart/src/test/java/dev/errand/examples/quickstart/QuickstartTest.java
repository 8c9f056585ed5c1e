package dev.errand.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The quickstart on repositories that the test creates. */
class QuickstartTest {

    @TempDir private Path directory;
    private Path repository;
    private Path results;

    @BeforeEach
    void makeRepository() throws IOException, InterruptedException {
        repository = Files.createDirectory(directory.resolve("a \"quoted\" name"));
        results = directory.resolve("results");
        git("init", "--quiet");
    }

    @Test
    void reportsOnARealRepository() throws Exception {
        Files.writeString(repository.resolve("README.md"), "# Cart\n\nwords here\n");
        Files.writeString(repository.resolve("odd \"name\".java"), "class A {}\nclass B {}\n");
        commit("A subject with \"quotes\" and \\ slashes");

        Outcome outcome = quickstart();

        assertThat(outcome.text).contains("status  completed");
        assertThat(outcome.code).isZero();
        assertThat(outcome.text)
                .contains("staged README.md, 19 bytes, with the signed form")
                .contains("\"commits\" : 1")
                .contains("\"files\" : 2")
                .contains("\"lines\" : 5")
                .contains("\"java\" : 1");
        assertThat(Files.readString(results.resolve("report.md")))
                .contains("A subject with \"quotes\" and \\ slashes")
                .contains("odd \"name\".java");
        assertThat(results.resolve("README.md"))
                .hasSameTextualContentAs(repository.resolve("README.md"));
    }

    @Test
    void reportsOnARepositoryWithoutCommits() throws Exception {
        Files.writeString(repository.resolve("notes.txt"), "not committed");

        Outcome outcome = quickstart();

        assertThat(outcome.text).contains("\"commits\" : 0").contains("status  completed");
        assertThat(outcome.code).isZero();
    }

    @Test
    void failedAgentIsShownWithItsExitCodeAndLastLines() throws Exception {
        Files.writeString(repository.resolve("README.md"), "# Cart\n");

        Outcome outcome = quickstart("--", "sh", "-c", "echo oops >&2; exit 3");

        assertThat(outcome.code).isEqualTo(1);
        assertThat(outcome.text)
                .contains("! oops")
                .contains("status  failed")
                .contains("error  Agent exited with code 3. Last output:")
                .contains("oops");
    }

    @Test
    void customAgentReadsThePromptFromStandardInput() throws Exception {
        Files.writeString(repository.resolve("README.md"), "# Cart\n");

        Outcome outcome = quickstart("Fix the cart", "--", "sh", "-c", "cat; echo");

        assertThat(outcome.text).contains("| Fix the cart");
    }

    @Test
    void agentReceivesTheRepositoryPath() throws Exception {
        Outcome outcome =
                quickstart("--", "sh", "-c", "echo \"at $QUICKSTART_REPOSITORY\"", "--prompt");

        assertThat(outcome.text)
                .contains("| at " + repository)
                .contains("staged brief.md, 27 bytes");
        assertThat(outcome.code).isZero();
    }

    @Test
    void agentInheritsOnlyNamedVariables() {
        String[] agent = {"--", "sh", "-c", "echo home is $HOME"};
        String ownHome = System.getenv("HOME");
        assumeThat(ownHome).isNotNull();

        assertThat(quickstart(agent).text).doesNotContain("home is " + ownHome + "\n");
        assertThat(quickstart("--agent-env", "HOME", agent[0], agent[1], agent[2], agent[3]).text)
                .contains("home is " + ownHome + "\n");
    }

    @Test
    void filesWithTheSameNameDoNotReplaceEachOther() throws Exception {
        Files.writeString(repository.resolve("README.md"), "mine\n");

        quickstart("--", "sh", "-c", "echo theirs > \"$ERRAND_ARTIFACTS_DIR/README.md\"");

        assertThat(results.resolve("README.md")).hasContent("mine\n");
        assertThat(results.resolve("2-README.md")).hasContent("theirs\n");
    }

    @Test
    void controlCharactersOfTheAgentAreReplaced() throws Exception {
        Outcome outcome = quickstart("--", "printf", "a\\033[2Jb\\n");

        assertThat(outcome.text).contains("| a?[2Jb").doesNotContain("\u001b");
    }

    @Test
    void changesOfAnAgentAreShownWithThePatchAndHowToApplyIt() throws Exception {
        Files.writeString(repository.resolve("README.md"), "# Cart\n");
        commit("First");

        Outcome outcome = quickstart("--", "sh", "-c", "echo fixed >> README.md; echo a > new.txt");

        Path patch = results.resolve("changes.patch");
        assertThat(outcome.text)
                .contains("changed  README.md  (modified, +1 -0)")
                .contains("new.txt  (added, +1 -0)")
                .contains("patch  " + patch)
                .contains("apply it  git -C '" + repository + "' apply " + patch)
                .doesNotContain("base_commit");
        git("apply", patch.toString());
        assertThat(repository.resolve("README.md")).hasContent("# Cart\nfixed\n");
    }

    @Test
    void aShallowCloneCanBeWorkedOn() throws Exception {
        Files.writeString(repository.resolve("README.md"), "# Cart\n");
        commit("First");
        Files.writeString(repository.resolve("README.md"), "# Carts\n");
        commit("Second");
        Path shallow = directory.resolve("shallow");
        git("clone", "--quiet", "--depth=1", "file://" + repository, shallow.toString());
        repository = shallow;

        assertThat(quickstart("--", "sh", "-c", "cat README.md").text).contains("| # Carts");
    }

    @Test
    void aSampleRepositoryIsMadeForPeopleWithoutOne() throws Exception {
        GitRepository sample = SampleRepository.create();

        assertThat(sample.hasBranch()).isTrue();
        assertThat(sample.hasUncommittedChanges()).isFalse();
    }

    @Test
    void aRepositoryIsNamedByItsUrl() throws Exception {
        GitRepository remote = GitRepository.of("https://github.com/Acme/Mobile.git");

        assertThat(remote.name()).isEqualTo("acme/mobile");
        assertThat(remote.directory()).isEmpty();
        assertThat(remote.location()).isEqualTo("https://github.com/Acme/Mobile.git");
    }

    @Test
    void missingAgentIsAUsageError() {
        assertThat(quickstart("--", "no-such-agent").code).isEqualTo(2);
    }

    @Test
    void missingAttachmentIsAUsageError() {
        assertThat(quickstart("--attach", results.toString()).code).isEqualTo(2);
    }

    @Test
    void helpExplainsHowToUseAnotherAgent() {
        Outcome outcome = quickstart("--help");

        assertThat(outcome.code).isZero();
        assertThat(outcome.text)
                .startsWith("Usage: quickstart [OPTIONS] [PROMPT] [-- COMMAND ARG...]")
                .contains("--repository", "--attach", "PROMPT", "--results", "--agent-env")
                .contains("$QUICKSTART_REPOSITORY")
                .doesNotContain("${", "$$");
    }

    @Test
    void directoryOutsideOfARepositoryIsAUsageError() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int code =
                Quickstart.run(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        "--repository",
                        directory.toString());

        assertThat(code).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "https://github.com/Acme/Mobile.git, acme/mobile",
        "git@github.com:acme/mobile.git, acme/mobile",
        "/srv/git/a b/c, a-b/c",
        "/home/rosa/projects/shop/., projects/shop",
        "git@github.com:acme/mobile.git/, acme/mobile",
        "/srv/.., ''",
        "mobile, ''"
    })
    void repositoryNameIsReadFromItsRemote(String remote, String name) {
        assertThat(GitRepository.nameIn(remote))
                .isEqualTo(Optional.of(name).filter(n -> !n.isEmpty()));
    }

    private record Outcome(int code, String text) {}

    private Outcome quickstart(String... more) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--repository",
                                repository.toString(),
                                "--results",
                                results.toString()));
        arguments.addAll(Arrays.asList(more));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int code =
                Quickstart.run(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        arguments.toArray(String[]::new));
        return new Outcome(code, out.toString(StandardCharsets.UTF_8));
    }

    private void commit(String message) throws IOException, InterruptedException {
        git("add", "--all");
        git(
                "-c",
                "user.name=Rosa",
                "-c",
                "user.email=rosa@example.com",
                "-c",
                "commit.gpgsign=false",
                "commit",
                "--quiet",
                "--message",
                message);
    }

    private void git(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(Arrays.asList(words));
        Process process =
                new ProcessBuilder(command)
                        .directory(repository.toFile())
                        .redirectErrorStream(true)
                        .start();
        byte[] output = process.getInputStream().readAllBytes();
        assertThat(process.waitFor()).as(new String(output, StandardCharsets.UTF_8)).isZero();
    }
}
