package dev.errand.process;

import static dev.errand.process.LaunchRequests.PROJECT;
import static dev.errand.process.LaunchRequests.aRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.errand.spi.PortException;
import dev.errand.spi.sandbox.LaunchRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The environment and the files that an agent receives. */
class AgentIsolationTest extends AbstractLauncherTest {

    /** Variables that a shell may set for its children. */
    private static final Set<String> SET_BY_SHELLS = Set.of("PWD", "OLDPWD", "SHLVL", "_");

    private static final String SHOW_ENVIRONMENT = "tr '\\0' '\\n' < /proc/$$/environ";

    @Test
    void agentInheritsOnlyListedVariables() throws Exception {
        assertThat(System.getenv("ERRAND_TEST_HOST_PASSWORD")).isNotNull();
        assertThat(System.getenv("DATABASE_URL")).isNotNull();

        runToEnd(launcher(SHOW_ENVIRONMENT), aRequest().build());

        Set<String> names = new TreeSet<>();
        for (String line : recorder.output()) {
            String name = line.substring(0, line.indexOf('='));
            if (!SET_BY_SHELLS.contains(name) && !name.startsWith("LC_")) {
                names.add(name);
            }
        }
        names.removeAll(Set.of("LANG", "TZ"));
        assertThat(names)
                .containsExactly(
                        "ERRAND_API_TOKEN_FILE",
                        "ERRAND_API_URL",
                        "ERRAND_ARTIFACTS_DIR",
                        "ERRAND_ATTACHMENTS_DIR",
                        "ERRAND_ATTEMPT",
                        "ERRAND_BRANCH",
                        "ERRAND_DEADLINE",
                        "ERRAND_OUTPUT_FILE",
                        "ERRAND_PROJECT_ID",
                        "ERRAND_PROMPT_FILE",
                        "ERRAND_REPOSITORY",
                        "ERRAND_RUN_ID",
                        "ERRAND_SANDBOX_ID",
                        "ERRAND_SECRETS_DIR",
                        "ERRAND_TASK_ID",
                        "ERRAND_WORKSPACE",
                        "HOME",
                        "PATH",
                        "TMPDIR");
    }

    @Test
    void agentReceivesTheDataOfItsRun() throws Exception {
        LaunchRequest request =
                aRequest().build().withTraceContext(Map.of("traceparent", "00-1-2-01"));

        runToEnd(launcher(SHOW_ENVIRONMENT + "; pwd; ls -A"), request);

        Path root = files(request.sandbox()).agent();
        assertThat(recorder.output())
                .contains(
                        "ERRAND_PROJECT_ID=7",
                        "ERRAND_TASK_ID=" + request.sandbox().task(),
                        "ERRAND_RUN_ID=" + request.sandbox().run(),
                        "ERRAND_ATTEMPT=1",
                        "ERRAND_REPOSITORY=farm/fences",
                        "ERRAND_BRANCH=errand/fence",
                        "ERRAND_API_URL=https://tasks.example/api/",
                        "TRACEPARENT=00-1-2-01",
                        "HOME=" + root.resolve("home"),
                        "TMPDIR=" + root.resolve("tmp"))
                .endsWith(root.resolve("workspace").toString());
    }

    @Test
    void hostCanPassAndSetFurtherVariables() throws Exception {
        ProcessLauncher launcher =
                open(
                        builder(SHOW_ENVIRONMENT)
                                .inheritVariables("DATABASE_URL", "NO_SUCH_VARIABLE")
                                .variable("MODEL", "large one")
                                .variable("HOME", "/home/agent"));

        runToEnd(launcher, aRequest().build());

        assertThat(recorder.output())
                .contains("DATABASE_URL=jdbc:of-the-host", "MODEL=large one", "HOME=/home/agent")
                .noneMatch(line -> line.startsWith("NO_SUCH_VARIABLE"));
    }

    @Test
    void reservedAndInvalidVariablesAreRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder("true").inheritVariables("ERRAND_TEST_HOST_PASSWORD"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder("true").variable("ERRAND_RUN_ID", "other"));
        assertThatIllegalArgumentException().isThrownBy(() -> builder("true").variable("A=B", "c"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder("true").variable("A", "b\0c"));
    }

    @Test
    void requestTextIsNeverInterpretedByAShell() throws Exception {
        String hostile = "$(touch pwned)`touch pwned`; touch pwned #\0'\"\n&";
        LaunchRequest request = aRequest().withBranch(hostile).withPrompt(hostile).build();

        runToEnd(launcher("cat; printf '%s' \"$ERRAND_BRANCH\"; ls -A"), request);

        assertThat(recorder.output())
                .containsExactly(
                        hostile.split("\n")[0],
                        "&" + hostile.split("\n")[0].replace("\0", ""),
                        "&");
        assertThat(files(request.sandbox()).workspace()).isEmptyDirectory();
    }

    @Test
    void secretsAreFilesReadableOnlyByTheirOwner() throws Exception {
        ProcessLauncher launcher =
                launcher(
                        """
                        umask 000
                        cat "$ERRAND_SECRETS_DIR/github_user_token" "$ERRAND_API_TOKEN_FILE"; echo
                        ls "$ERRAND_SECRETS_DIR"
                        cd "$ERRAND_SECRETS_DIR/.."
                        stat -c '%a %n' . secrets secrets/* api.token prompt.txt ../launcher/stdout.log
                        stat -c '%a %n' workspace home tmp artifacts attachments attachments/*
                        """);

        runToEnd(
                launcher,
                aRequest()
                        .withSecret("github_user_token", "ghu_of_a_person,")
                        .withAttachment("plan", "x")
                        .build());

        assertThat(recorder.error()).isEmpty();
        assertThat(recorder.output())
                .containsExactly(
                        "ghu_of_a_person,token-of-the-run",
                        "github_user_token",
                        "700 .",
                        "700 secrets",
                        "600 secrets/github_user_token",
                        "600 api.token",
                        "600 prompt.txt",
                        "600 ../launcher/stdout.log",
                        "700 workspace",
                        "700 home",
                        "700 tmp",
                        "700 artifacts",
                        "700 attachments",
                        "600 attachments/plan");
    }

    @Test
    void secretsAppearInNoArgumentAndNoEnvironment() throws Exception {
        LaunchRequest request = aRequest().withSecret("key", "sesame-of-the-run").build();
        ProcessLauncher launcher = launcher("echo up; sleep 60");
        launcher.launch(PROJECT, request, recorder);
        recorder.awaitLine("up");

        for (ProcessInfo process : new LinuxProcessTable().processes()) {
            for (String file : List.of("cmdline", "environ")) {
                assertThat(contentOf(Path.of("/proc/" + process.pid(), file)))
                        .doesNotContain("sesame-of-the-run", LaunchRequests.TOKEN);
            }
        }
        assertThat(request.toString()).doesNotContain("sesame-of-the-run", LaunchRequests.TOKEN);
    }

    @Test
    void secretsAreDeletedWhenTheSandboxEnds() throws Exception {
        LaunchRequest request = aRequest().withSecret("key", "sesame").build();

        runToEnd(launcher("exit 1"), request);

        assertThat(files(request.sandbox()).secrets()).doesNotExist();
        assertThat(files(request.sandbox()).apiToken()).doesNotExist();
    }

    @Test
    void secretNameCannotLeaveItsDirectory() {
        ProcessLauncher launcher = launcher("true");
        for (String name : List.of("../key", "", "Key", "a.b", "/key", "key\0", "key\n")) {
            LaunchRequest request = aRequest().withSecret(name, "sesame").build();

            assertThatExceptionOfType(PortException.class)
                    .isThrownBy(() -> launcher.launch(PROJECT, request, recorder))
                    .satisfies(failure -> assertThat(failure.toString()).doesNotContain("sesame"));
            assertThat(files(request.sandbox()).root()).doesNotExist();
        }
    }

    @Test
    void attachmentNameCannotLeaveItsDirectory() throws Exception {
        LaunchRequest request =
                aRequest()
                        .withAttachment("../../escaped", "1")
                        .withAttachment(directory + "/escaped", "2")
                        .withAttachment("..", "3")
                        .withAttachment("", "4")
                        .withAttachment("nul\0here.txt", "5")
                        .withAttachment("..\\..\\windows.ini", "6")
                        .withAttachment("ESCAPED", "7")
                        .withAttachment("new\nline", "8")
                        .withAttachment("é".repeat(300) + ".txt", "9")
                        .build();

        runToEnd(launcher("true"), request);

        Path root = files(request.sandbox()).agent();
        assertThat(namesIn(root.resolve("attachments")))
                .containsExactlyInAnyOrder(
                        "escaped",
                        "escaped-2",
                        "attachment",
                        "attachment-2",
                        "nul_here.txt",
                        "windows.ini",
                        "ESCAPED-3",
                        "new_line",
                        "é".repeat(98) + ".txt");
        try (Stream<Path> all = Files.walk(directory)) {
            assertThat(all.filter(path -> path.toString().toLowerCase().contains("escaped")))
                    .allMatch(path -> path.getParent().equals(root.resolve("attachments")));
        }
    }

    private static Set<String> namesIn(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    private static String contentOf(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException ended) {
            return "";
        }
    }
}
