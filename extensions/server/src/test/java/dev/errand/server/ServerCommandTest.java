package dev.errand.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.errand.agents.AgentProfile;
import dev.errand.config.LogLimit;
import dev.errand.process.AgentCommand;
import dev.errand.profile.ApiProfile;
import dev.errand.retention.RetentionPolicy;
import dev.errand.spi.run.RunStatus;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

class ServerCommandTest {

    @Test
    void noArgumentsYieldTheDefaults() {
        assertThat(options()).isEqualTo(ServerOptions.DEFAULT);
    }

    @Test
    void theOptionsOfAProfileAreApplied() {
        AgentSelection selection =
                options(
                                "--launcher=process",
                                "--agent=codex,claude",
                                "--agent-permission-mode=read-only")
                        .agents()
                        .orElseThrow()
                        .selection();

        assertThat(selection.command()).isEmpty();
        assertThat(selection.profiles())
                .extracting(AgentProfile::name)
                .containsExactly("codex", "claude");
        AgentProfile named =
                options("--launcher=process", "--agent=claude", "--agent-command=/opt/claude")
                        .agents()
                        .orElseThrow()
                        .selection()
                        .profiles()
                        .get(0);
        assertThat(named.program()).isEqualTo("/opt/claude");
    }

    @Test
    void everyOptionIsApplied() {
        ServerOptions options =
                options(
                        "--host=::1",
                        "--port=0",
                        "--metrics=[::1]:9464",
                        "--public-url=https://errand.example.com/tasks",
                        "--profile=2026-09",
                        "--operator-page=actions",
                        "--backend=jdbc:h2:file:/var/lib/errand/db",
                        "--db-user=errand",
                        "--db-password-file=/run/secrets/db",
                        "--migrate",
                        "--key-file=/run/secrets/key",
                        "--objects=file:/var/lib/errand",
                        "--directory=people.json",
                        "--keep-deleted=24h",
                        "--keep-completed=2160h",
                        "--keep-failed=4320h",
                        "--keep-logs=168h",
                        "--max-log-entries=1000",
                        "--max-log-mb=2",
                        "--launcher=process",
                        "--agent-command=/bin/sh -c 'echo \"$1\"' x",
                        "--work-dir=/var/lib/agents",
                        "--slots=9",
                        "--time-limit=90s",
                        "--grace-period=5s",
                        "--inactivity-limit=45m",
                        "--lease=7s",
                        "--on-shutdown=stop",
                        "--keep-for=24h",
                        "--max-disk-mb=100",
                        "--max-memory-mb=512",
                        "--sandbox-user=agents",
                        "--repositories=https://git.example.com/{repository}.git",
                        "--push",
                        "--repository-cache=/var/cache/errand",
                        "--repository-cache-mb=7",
                        "--repository-time-limit=1h",
                        "--agent-env=HTTPS_PROXY,SSL_CERT_FILE",
                        "--agent-env=HOME");

        assertThat(options)
                .isEqualTo(
                        ServerOptions.DEFAULT
                                .withHost("::1")
                                .withMetrics(new MetricsAddress("[::1]", 9464))
                                .withPort(0)
                                .withProfile(ApiProfile.V2026_09)
                                .withOperatorPage(OperatorPage.ACTIONS)
                                .withLogLimit(new LogLimit(1000, 2 * 1024 * 1024))
                                .withPublicUrl(URI.create("https://errand.example.com/tasks"))
                                .withBackend("jdbc:h2:file:/var/lib/errand/db")
                                .withDatabase(
                                        DatabaseOptions.NONE
                                                .withLogin("errand", Path.of("/run/secrets/db"))
                                                .withMigrate(true))
                                .withKeyFile(Path.of("/run/secrets/key"))
                                .withObjects(
                                        ObjectStoreLocation.inDirectory(Path.of("/var/lib/errand")))
                                .withDirectory(Path.of("people.json"))
                                .withRetention(
                                        RetentionPolicy.DEFAULT
                                                .withDeletedTasks(Duration.ofDays(1))
                                                .withEndedTasks(
                                                        RunStatus.COMPLETED, Duration.ofDays(90))
                                                .withEndedTasks(
                                                        RunStatus.FAILED, Duration.ofDays(180))
                                                .withEndedTasks(
                                                        RunStatus.CANCELLED, Duration.ofDays(180))
                                                .withLogs(Duration.ofDays(7)))
                                .withAgents(
                                        AgentOptions.of(
                                                        AgentCommand.of(
                                                                List.of(
                                                                        "/bin/sh", "-c",
                                                                        "echo \"$1\"", "x")))
                                                .withWorkDirectory(Path.of("/var/lib/agents"))
                                                .withInactivityLimit(Duration.ofMinutes(45))
                                                .withLeaseDuration(Duration.ofSeconds(7))
                                                .withSandboxes(
                                                        new SandboxOptions(
                                                                Optional.of(true),
                                                                Duration.ofHours(24),
                                                                100L << 20,
                                                                OptionalLong.of(512L << 20),
                                                                List.of("agents")))
                                                .withRepositories(
                                                        new RepositoryOptions(
                                                                Map.of(
                                                                        "*",
                                                                        "https://git.example.com/{repository}.git"),
                                                                true,
                                                                Optional.of(
                                                                        Path.of(
                                                                                "/var/cache/errand")),
                                                                OptionalLong.of(7L << 20),
                                                                Duration.ofHours(1)))
                                                .withSlots(9)
                                                .withTimeLimit(Duration.ofSeconds(90))
                                                .withGracePeriod(Duration.ofSeconds(5))
                                                .withInheritedVariables(
                                                        List.of(
                                                                "HTTPS_PROXY",
                                                                "SSL_CERT_FILE",
                                                                "HOME"))));
    }

    @Test
    void repositoriesAreReadFromAFile(@TempDir Path folder) throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("repositories.json"),
                        "{\"acme/mobile\": \"git@example.com:mobile.git\", \"*\": \"file:/srv/{repository}\"}");

        RepositoryOptions repositories =
                options("--launcher=process", "--agent=claude", "--repositories=" + file)
                        .agents()
                        .flatMap(AgentOptions::repositories)
                        .orElseThrow();

        assertThat(repositories.urls())
                .containsOnly(
                        Map.entry("acme/mobile", "git@example.com:mobile.git"),
                        Map.entry("*", "file:/srv/{repository}"));
        assertThat(repositories.sentence()).endsWith(", and nothing is pushed");
    }

    @Test
    void environmentProvidesMissingOptions() {
        Map<String, String> environment =
                Map.of(
                        "ERRAND_HOST", "0.0.0.0",
                        "ERRAND_PORT", "9000",
                        "ERRAND_PUBLIC_URL", "",
                        "ERRAND_LAUNCHER", "process",
                        "ERRAND_AGENT_COMMAND", "agent --quiet",
                        "ERRAND_TIME_LIMIT", "PT2H",
                        "ERRAND_AGENT_ENV", "A,B",
                        "ERRAND_HELP", "true");

        ServerOptions options = options(environment, "--port", "9001");

        assertThat(options)
                .isEqualTo(
                        ServerOptions.DEFAULT
                                .withHost("0.0.0.0")
                                .withPort(9001)
                                .withAgents(
                                        AgentOptions.of(AgentCommand.parse("agent --quiet"))
                                                .withTimeLimit(Duration.ofHours(2))
                                                .withInheritedVariables(List.of("A", "B"))));
    }

    @ParameterizedTest(name = "{0} and {1}: {2}")
    @CsvSource({
        "'', '', false",
        "'', --migrate, true",
        "true, '', true",
        "true, --migrate, true",
        "false, --migrate, true",
        "true, --migrate=false, false",
    })
    void migrationIsEnabledByOptionOrVariable(String variable, String option, boolean expected) {
        ServerOptions options =
                options(
                        Map.of("ERRAND_MIGRATE", variable),
                        ("--backend=jdbc:h2:mem:x " + option).split(" +"));

        assertThat(options.database().migrate()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://db/errand?user=u&password=hunter2",
                "jdbc:postgresql://db/errand?PASSWORD=hunter2",
                "jdbc:postgresql://u:hunter2@db/errand",
                "jdbc:h2:file:/tmp/errand;USER=sa;PASSWORD=hunter2"
            })
    void passwordInTheBackendUrlIsRejectedAndNotRepeated(String url) {
        ParameterException failure =
                catchThrowableOfType(ParameterException.class, () -> options("--backend=" + url));

        assertThat(failure)
                .hasMessage(
                        "--backend must not contain a password because other users can see the command line; use"
                                + " --db-password-file");
    }

    @ParameterizedTest(name = "{0} is port {2} of {1}")
    @CsvSource({
        "9464, 127.0.0.1, 9464",
        "0.0.0.0:9464, 0.0.0.0, 9464",
        "metrics.example.com:0, metrics.example.com, 0"
    })
    void metricsListenOnLoopbackUnlessAHostIsGiven(String text, String host, int port) {
        assertThat(options("--metrics=" + text).metrics()).contains(new MetricsAddress(host, port));
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({"90s, PT90S", "30m, PT30M", "2h, PT2H", "PT1H30M, PT1H30M"})
    void durationsHaveUnits(String text, Duration expected) {
        ServerOptions options =
                options("--launcher=process", "--agent-command=a", "--time-limit=" + text);

        assertThat(options.agents().orElseThrow().timeLimit()).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
        --port=x                                        | Invalid value for option '--port': 'x' is not an int
        --port=65536                                    | --port must be 0 to 65535, not 65536
        --host=                                         | --host must not be blank
        --public-url=errand.example.com                 | --public-url must be like https://errand.example.com, not errand.example.com
        --public-url=https://x.example.com/?a=b         | --public-url must be like https://errand.example.com, not https://x.example.com/?a=b
        --launcher=process --agent=claude --push        | --push requires --repositories
        --launcher=process --agent=claude --repositories=https://git.example.com/mobile.git | --repositories: the URL must contain {repository}
        --launcher=process --agent=claude --repositories=https://u:hunter2@git.example.com/{repository} | --repositories: the URL for * must be an https, http, ssh, git or file URL without password, query and fragment, an address such as git@host:path, or an absolute path
        --launcher=process --agent=claude --repositories=/no/such/file | --repositories: /no/such/file cannot be read, NoSuchFileException
        --repositories=file:/srv/{repository}           | --repositories requires --launcher process
        --metrics=here                                  | --metrics must be a port or HOST:PORT, like 9464 or 0.0.0.0:9464, not here
        --metrics=::1:9464                              | --metrics must be a port or HOST:PORT, like 9464 or 0.0.0.0:9464, not ::1:9464
        --metrics=99999                                 | --metrics must be a port or HOST:PORT, like 9464 or 0.0.0.0:9464, not 127.0.0.1:99999
        --objects=s3:bucket                             | Invalid value for option '--objects': must be memory: or file:DIR, not s3:bucket
        --objects=file:                                 | Invalid value for option '--objects': must be memory: or file:DIR, not file:
        --migrate                                       | --migrate requires --backend jdbc:…
        --db-user=u                                     | --db-user requires --backend jdbc:…
        --db-password-file=f                            | --db-password-file requires --backend jdbc:…
        --keep-deleted=-PT1S                            | --keep-deleted must not be negative, but is PT-1S
        --launcher=docker                               | --launcher must be none or process, not docker
        --launcher=process                              | --launcher process requires --agent or --agent-command
        --launcher=process --agent=command              | --launcher process requires --agent or --agent-command
        --agent=claude                                  | --agent requires --launcher process
        --launcher=process --agent=gemini               | --agent must be claude, codex or command, not gemini
        --launcher=process --agent=claude,command       | --agent command cannot be combined with others
        --launcher=process --agent=claude,codex --agent-command=/x | --agent-command requires that --agent names one program
        --launcher=process --agent=claude,codex --agent-home=/x | --agent-home requires that --agent names one program
        --launcher=process --agent-command=a --agent-home=/x | --agent-home requires --agent claude or codex
        --launcher=process --agent=claude --agent-budget-usd=0 | --agent-budget-usd must be positive, not 0
        --launcher=process --agent=claude --agent-permission-mode=no | --agent-permission-mode: unknown mode no
        --agent-command=a                               | --agent-command requires --launcher process
        --work-dir=a                                    | --work-dir requires --launcher process
        --slots=1                                       | --slots requires --launcher process
        --time-limit=1h                                 | --time-limit requires --launcher process
        --agent-env=A                                     | --agent-env requires --launcher process
        --launcher=process --agent-command='            | --agent-command: the quote ' at character 1 is never closed
        --launcher=process --agent-command=bin/a        | --agent-command: program must be an absolute path or a name without '/', not bin/a
        --launcher=process --agent-command=a --slots=0  | --slots must be 1 or more, not 0
        --launcher=process --agent-command=a --time-limit=0s | --time-limit must be positive, not PT0S
        --launcher=process --agent-command=a --time-limit=soon | Invalid value for option '--time-limit': 'soon' is not a duration such as 90s, 30m or 2h
        --launcher=process --agent-command=a --lease=0s | --lease must be positive, not PT0S
        --launcher=process --agent-command=a --on-shutdown=leave | --on-shutdown leave requires --work-dir
        --launcher=process --agent-command=a --on-shutdown=wait | --on-shutdown must be leave or stop, not wait
        --launcher=process --agent-command=a --keep-for=0s | --keep-for must be positive, not PT0S
        --launcher=process --agent-command=a --max-disk-mb=0 | --max-disk-mb must be 1 or more, not 0
        --max-log-entries=0 | --max-log-entries must be 1 or more, not 0
        --max-log-mb=-1 | --max-log-mb must be 1 or more, not -1
        --launcher=process --agent-command=a --sandbox-user=a,b | --sandbox-user: name one user for all agents, or at least as many as slots, not 2 for 4 slots
        --on-shutdown=stop                                   | --on-shutdown requires --launcher process
        --verbose                                       | Unknown option: '--verbose'
        extra                                           | Unmatched argument at index 0: 'extra'
        """)
    void invalidOptionsAreRejectedWithAMessage(String line, String problem) {
        ParameterException failure =
                catchThrowableOfType(ParameterException.class, () -> options(line.split(" +")));

        assertThat(failure).hasMessage(problem);
    }

    private static ServerOptions options(String... arguments) {
        return options(Map.of(), arguments);
    }

    private static ServerOptions options(Map<String, String> environment, String... arguments) {
        CommandLine commandLine = Main.commandLine(arguments, environment);
        commandLine.parseArgs(arguments);
        return ((ServerCommand) commandLine.getCommand()).options();
    }
}
