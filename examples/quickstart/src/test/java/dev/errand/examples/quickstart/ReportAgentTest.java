package dev.errand.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script by itself, on unusual repositories. */
class ReportAgentTest {

    @TempDir private Path directory;
    private Path repository;
    private Path sandbox;

    @BeforeEach
    void makeRepository() throws Exception {
        repository = Files.createDirectory(directory.resolve("it's a \"quoted\" \\ name"));
        sandbox = Files.createDirectory(directory.resolve("sandbox"));
        for (String part : List.of("home", "tmp", "workspace", "attachments", "artifacts")) {
            Files.createDirectory(sandbox.resolve(part));
        }
        git("init", "--quiet");
    }

    @Test
    void namesMayContainAnyCharacter() throws Exception {
        String odd = "line\nbreak \\ \"quote\" \t tab é.MD";
        Files.writeString(repository.resolve(odd), "one\ntwo\nthree\n");
        Files.writeString(repository.resolve(".hidden"), "x");
        commit("Rosa \"R\" Lind", "Say \"hi\" \\ to é");
        Files.writeString(sandbox.resolve("attachments/spec \"1\".md"), "a\nb\n");

        JsonNode output = run(repository);

        assertThat(output.path("repository").textValue()).isEqualTo("it's a \"quoted\" \\ name");
        assertThat(output.at("/largest_files/0/path").textValue()).isEqualTo(odd);
        assertThat(output.at("/files_by_extension/md").intValue()).isEqualTo(1);
        assertThat(output.at("/files_by_extension/(none)").intValue()).isEqualTo(1);
        assertThat(output.at("/top_contributors/0/name").textValue()).isEqualTo("Rosa \"R\" Lind");
        assertThat(output.at("/last_subjects/0").textValue()).isEqualTo("Say \"hi\" \\ to é");
        assertThat(output.at("/attachments/0"))
                .isEqualTo(json("{\"name\": \"spec \\\"1\\\".md\", \"lines\": 2}"));
        assertThat(sandbox.resolve("artifacts/report.md"))
                .content()
                .contains("# Report on it's a \"quoted\" \\ name", "1 commits by 1 people");
    }

    @Test
    void reportsOnARepositoryWithoutCommits() throws Exception {
        JsonNode output = run(repository);

        assertThat(output.path("commits").intValue()).isZero();
        assertThat(output.path("head").isNull()).isTrue();
        assertThat(sandbox.resolve("artifacts/report.md"))
                .content()
                .contains("There is no commit yet.");
    }

    @Test
    void reportsThatARepositoryIsShallow() throws Exception {
        Files.writeString(repository.resolve("a.txt"), "x\n");
        commit("Rosa", "first");
        Files.writeString(repository.resolve("a.txt"), "y\n");
        commit("Rosa", "second");
        Path shallow = directory.resolve("shallow");
        git("clone", "--quiet", "--depth=1", repository.toUri().toString(), shallow.toString());

        JsonNode output = run(shallow);

        assertThat(output.path("shallow").booleanValue()).isTrue();
        assertThat(output.path("commits").intValue()).isEqualTo(1);
    }

    @Test
    void reportsOnABareRepository() throws Exception {
        Files.writeString(repository.resolve("a.txt"), "x\n");
        Files.write(repository.resolve("b.bin"), new byte[] {0, 1, 2, '\n'});
        commit("Rosa", "first");
        Path bare = directory.resolve("bare.git");
        git("clone", "--quiet", "--bare", repository.toString(), bare.toString());

        JsonNode output = run(bare);

        assertThat(output.path("files").intValue()).isEqualTo(2);
        assertThat(output.path("bytes").intValue()).isEqualTo(6);
        assertThat(output.path("lines").intValue()).as("of text").isEqualTo(1);
    }

    private JsonNode run(Path target) throws IOException, InterruptedException {
        try (Agent agent =
                Agent.of(
                        List.of(),
                        new GitRepository(Optional.of(target), target.toString(), "local/name"))) {
            ProcessBuilder process =
                    new ProcessBuilder(agent.command().words())
                            .directory(sandbox.resolve("workspace").toFile())
                            .redirectInput(
                                    Files.writeString(sandbox.resolve("prompt"), "Report.")
                                            .toFile())
                            .redirectErrorStream(true);
            String path = process.environment().get("PATH");
            process.environment().clear();
            process.environment()
                    .putAll(
                            Map.of(
                                    "PATH",
                                    path,
                                    "HOME",
                                    sandbox.resolve("home").toString(),
                                    "TMPDIR",
                                    sandbox.resolve("tmp").toString(),
                                    "ERRAND_ATTACHMENTS_DIR",
                                    sandbox.resolve("attachments").toString(),
                                    "ERRAND_ARTIFACTS_DIR",
                                    sandbox.resolve("artifacts").toString(),
                                    "ERRAND_OUTPUT_FILE",
                                    sandbox.resolve("output.json").toString()));
            expectSuccess(process);
        }
        return json(Files.readString(sandbox.resolve("output.json")));
    }

    private void commit(String author, String message) throws IOException, InterruptedException {
        git("add", "--all");
        git(
                "-c",
                "user.name=" + author,
                "-c",
                "user.email=rosa@example.com",
                "-c",
                "commit.gpgsign=false",
                "commit",
                "--quiet",
                "--message=" + message);
    }

    private void git(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(words));
        expectSuccess(
                new ProcessBuilder(command)
                        .directory(repository.toFile())
                        .redirectErrorStream(true));
    }

    private static void expectSuccess(ProcessBuilder builder)
            throws IOException, InterruptedException {
        Process process = builder.start();
        byte[] output = process.getInputStream().readAllBytes();
        assertThat(process.waitFor()).as(new String(output, StandardCharsets.UTF_8)).isZero();
    }

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text);
    }
}
