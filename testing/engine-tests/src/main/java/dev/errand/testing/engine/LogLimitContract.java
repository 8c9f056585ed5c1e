package dev.errand.testing.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.Errand;
import dev.errand.ProjectClient;
import dev.errand.access.Caller;
import dev.errand.config.EngineOptions;
import dev.errand.config.LogLimit;
import dev.errand.dispatch.Dispatcher;
import dev.errand.run.AppendLogRequest;
import dev.errand.spi.JsonText;
import dev.errand.spi.project.Project;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.sandbox.SandboxExit;
import dev.errand.spi.sandbox.SandboxId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The log of a run has a limit, whoever appends to it (docs/wire/logs.md#i5). */
public abstract class LogLimitContract extends DispatchScene {

    private static final LogLimit TEN_ENTRIES = new LogLimit(10, 1_000_000);
    private static final String NOTICE =
            "The log has reached its limit of 10 entries or 1000000 bytes. Further entries are"
                    + " dropped.";

    private final List<AutoCloseable> opened = new ArrayList<>();

    /** For subclasses, one for each backend. */
    protected LogLimitContract() {}

    /** Closes what the test opened. */
    @AfterEach
    public void closeOpened() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    /** Opens another engine on the same storage. */
    private Errand open(LogLimit limit) {
        Errand limited =
                Errand.builder(
                                backend,
                                objects,
                                ProjectDirectory.of(new Project(PROJECT, "Acme Mobile App")))
                        .clock(clock)
                        .options(EngineOptions.DEFAULT.withLogLimit(limit))
                        .build();
        opened.add(limited);
        return limited;
    }

    private Dispatcher openDispatcher(Errand limited) {
        dispatcher.close();
        Dispatcher other = limited.dispatcher(between(launcher), options("node-2"));
        opened.add(0, other);
        return other;
    }

    private static ProjectClient projectOf(Errand limited) {
        return limited.project(PROJECT, Caller.host());
    }

    private static AppendLogRequest entries(int first, int count) {
        return new AppendLogRequest(
                IntStream.range(first, first + count)
                        .mapToObj(n -> JsonText.of("{\"message\":\"" + n + "\"}"))
                        .toList());
    }

    @Test
    void outputOverTheLimitIsDroppedAndNotedOnce() {
        Errand limited = open(TEN_ENTRIES);
        Dispatcher other = openDispatcher(limited);
        Run run = queue();
        other.runOnce();
        SandboxId sandbox = SandboxId.of(read(run));
        for (int i = 1; i <= 30; i++) {
            launcher.print(sandbox, "line " + i);
        }

        assertThat(log(run)).hasSize(11).startsWith("line 1").endsWith("line 10", NOTICE);
        assertThat(projectOf(limited).runs().describe(run.task(), run.id()).sentence())
                .contains("Its log is full: 11 entries, ")
                .endsWith(" bytes; further entries are dropped.");
        launcher.exit(
                sandbox,
                new SandboxExit(
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of("1 artifacts left out"),
                        List.of(),
                        List.of()));
        other.runOnce();
        assertThat(read(run).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(log(run)).hasSize(12).endsWith("Left out of the result: 1 artifacts left out");
    }

    @Test
    void requestsAreCutAtTheLimit() {
        Run run = launched();
        Errand limited = open(TEN_ENTRIES);
        projectOf(limited).runs().appendLog(run.task(), run.id(), entries(1, 6));
        projectOf(limited).runs().appendLog(run.task(), run.id(), entries(7, 6));
        projectOf(limited).runs().appendLog(run.task(), run.id(), entries(13, 1));

        assertThat(log(run)).hasSize(11).endsWith(NOTICE);
        assertThat(log(run).get(9)).contains("\"10\"");
    }

    @Test
    void anotherProcessAddsNoSecondNotice() {
        Run run = launched();
        for (int process = 0; process < 3; process++) {
            Errand limited = open(TEN_ENTRIES);
            for (int i = 0; i < 10; i++) {
                projectOf(limited).runs().appendLog(run.task(), run.id(), entries(3 * i, 3));
            }
        }

        assertThat(log(run)).filteredOn(NOTICE::equals).hasSize(1);
        assertThat(log(run)).as("a request of each new process").hasSizeLessThan(11 + 2 * 3 + 1);
    }

    @Test
    void bytesAreLimited() {
        Run run = launched();
        Errand limited = open(new LogLimit(1_000_000, 2_000));
        String large = "{\"message\":\"" + "x".repeat(900) + "\"}";
        for (int i = 0; i < 5; i++) {
            projectOf(limited)
                    .runs()
                    .appendLog(
                            run.task(),
                            run.id(),
                            new AppendLogRequest(List.of(JsonText.of(large))));
        }
        projectOf(limited).runs().appendLog(run.task(), run.id(), entries(1, 1));

        assertThat(log(run)).hasSize(3);
        assertThat(log(run).get(2)).contains("Further entries are dropped");
    }

    /** An agent whose log is full is not inactive. */
    @Test
    void droppedOutputCountsAsActivity() {
        Dispatcher other = openDispatcher(open(TEN_ENTRIES));
        Run run = queue();
        other.runOnce();
        SandboxId sandbox = SandboxId.of(read(run));
        for (int i = 0; i < 9; i++) {
            for (int j = 0; j < 4; j++) {
                launcher.print(sandbox, "line " + i + j);
            }
            clock.advance(Duration.ofMinutes(6));
            other.runOnce();
        }

        assertThat(launcher.stopOf(sandbox)).isEmpty();
        assertThat(read(run).status()).isEqualTo(RunStatus.IN_PROGRESS);
    }
}
