package dev.errand.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.errand.Errand;
import dev.errand.ProjectClient;
import dev.errand.access.Caller;
import dev.errand.config.WatchOptions;
import dev.errand.dispatch.WorkerPool;
import dev.errand.jdbc.JdbcBackend;
import dev.errand.memory.InMemoryBackend;
import dev.errand.memory.objects.InMemoryObjectStore;
import dev.errand.retention.Housekeeper;
import dev.errand.run.AppendLogRequest;
import dev.errand.run.RunTaskRequest;
import dev.errand.run.RunTransitions;
import dev.errand.spi.JsonText;
import dev.errand.spi.PageRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.ObjectStore;
import dev.errand.spi.project.Project;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.TaskFilter;
import dev.errand.task.CreateTaskRequest;
import dev.errand.testpostgres.PostgresServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The Java samples of README.md and of the guides are compiled sources, and they work. */
class SamplesTest {

    private static final ProjectId ACME = ProjectId.of(1);

    private final ObjectStore objects =
            InMemoryObjectStore.create(Clock.systemUTC(), Secret.of("upload signing key"));
    private final ProjectDirectory directory =
            ProjectDirectory.of(new Project(ACME, "Acme Mobile App"));

    @Test
    void everySampleIsPartOfACompiledSource() throws IOException {
        List<String> stray = new ArrayList<>();
        int samples = 0;
        for (Path page : pages()) {
            for (MarkdownPage.Block block : MarkdownPage.read(page).blocks()) {
                if (block.language().equals("java")) {
                    samples++;
                    if (block.source().filter(source -> contains(source, block)).isEmpty()) {
                        stray.add(page + ": " + String.join("\n", block.lines()));
                    }
                }
            }
        }
        assertThat(stray).isEmpty();
        assertThat(samples).isGreaterThan(5);
    }

    @Test
    void theFirstRunPrintsTheLogOfItsAgent() throws Exception {
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            FirstRun.main(new String[0]);
        } finally {
            System.setOut(console);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("COMPLETED", "working on: Fix the empty cart");
    }

    @Test
    void theWorkerPoolExecutesEveryQueuedRun() {
        try (Errand errand = Errand.builder(InMemoryBackend.create(), objects, directory).build();
                WorkerPool pool = Summaries.pool(errand)) {
            for (int i = 0; i < 3; i++) {
                runATask(errand);
            }

            assertThat(pool.runOnce()).isEqualTo(3);
        }
    }

    @Test
    void theSubscriberFollowsARunToItsEnd() throws Exception {
        try (Errand errand =
                Errand.builder(InMemoryBackend.create(), objects, directory)
                        .watchOptions(WatchOptions.DEFAULT.withEndGrace(Duration.ZERO))
                        .build()) {
            Run run = runATask(errand);
            ProjectClient project = errand.project(ACME, Caller.host());
            ProgressView view = ProgressView.of(project, run);
            AppendLogRequest entry = new AppendLogRequest(List.of(JsonText.of("{\"n\":1}")));
            project.runs().appendLog(run.task(), run.id(), entry);
            project.runs().cancel(run.task(), run.id());

            assertThat(view.end().get(20, TimeUnit.SECONDS))
                    .contains("{\"n\":1}")
                    .endsWith("cancelled");
        }
    }

    @Test
    void theListenerCollectsEndedRuns() {
        EndedRuns ended = new EndedRuns();
        Run run;
        try (Errand errand =
                        Errand.builder(InMemoryBackend.create(), objects, directory)
                                .listener(ended)
                                .build();
                WorkerPool pool = Summaries.pool(errand)) {
            run = runATask(errand);
            pool.runOnce();
        }
        assertThat(ended.runs())
                .singleElement()
                .satisfies(
                        it -> {
                            assertThat(it.id()).isEqualTo(run.id());
                            assertThat(it.status()).isEqualTo(RunStatus.COMPLETED);
                        });
    }

    @Test
    void theHousekeeperKeepsWhatThePolicyKeeps() {
        try (Errand errand = Errand.builder(InMemoryBackend.create(), objects, directory).build();
                Housekeeper housekeeper = DataRetention.start(errand)) {
            runATask(errand);

            assertThat(housekeeper.runOnce().erased().total()).isZero();
            assertThat(taskCount(errand)).isOne();
        }
    }

    @Test
    void tasksAreStoredInPostgres() throws SQLException {
        try (HikariDataSource pool = pool("docs_storage");
                Backend backend = PostgresStorage.open(pool, new byte[32]);
                Errand errand = Errand.builder(backend, objects, directory).build()) {
            runATask(errand);

            assertThat(taskCount(errand)).isOne();
        }
    }

    @Test
    void theHostsTransactionDecidesAboutItsTasks() throws Exception {
        try (HikariDataSource pool = pool("docs_transaction");
                JdbcBackend backend = JdbcBackend.builder(pool).migrate().open();
                Errand errand = Errand.builder(backend, objects, directory).build()) {
            ComplaintService service = new ComplaintService(pool, backend, errand);
            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("create table complaint (text varchar(200) not null)");
            }

            service.complain("The cart is empty");
            assertThatThrownBy(() -> service.complain("too long".repeat(100)))
                    .isInstanceOf(SQLException.class);
            assertThat(taskCount(errand)).isOne();
        }
    }

    @Test
    void aSpringTransactionDecidesAboutItsTasks() throws Exception {
        try (HikariDataSource pool = pool("docs_spring")) {
            JdbcBackend.builder(pool).migrate().open().close();
            TransactionTemplate transactions =
                    new TransactionTemplate(new DataSourceTransactionManager(pool));
            JdbcTemplate jdbc = new JdbcTemplate(pool);
            jdbc.execute("create table complaint (text varchar(200) not null)");
            try (Backend backend = SpringComplaintService.backend(pool);
                    Errand errand = Errand.builder(backend, objects, directory).build()) {
                SpringComplaintService service =
                        new SpringComplaintService(transactions, jdbc, errand);

                service.complain("The cart is empty");
                transactions.executeWithoutResult(
                        transaction -> {
                            service.complain("The cart is full");
                            transaction.setRollbackOnly();
                        });

                assertThat(taskCount(errand)).isOne();
                assertThat(jdbc.queryForList("select text from complaint", String.class))
                        .containsExactly("The cart is empty");
            }
        }
    }

    /** The diagram is generated from the table of transitions. */
    @Test
    void theDiagramOfStatusesIsTheTable() {
        assertThat(
                        MarkdownPage.read(ProjectFiles.ROOT.resolve("docs/wire/runs.md"))
                                .blocks()
                                .stream()
                                .filter(block -> block.language().equals("mermaid"))
                                .map(block -> String.join("\n", block.lines()) + "\n"))
                .containsExactly(RunTransitions.diagram());
    }

    private static Run runATask(Errand errand) {
        return errand.project(ACME, Caller.host())
                .tasks()
                .createAndRun(
                        CreateTaskRequest.builder().description("Fix the empty cart").build(),
                        RunTaskRequest.builder().build())
                .latestRun()
                .orElseThrow();
    }

    private static long taskCount(Errand errand) {
        ProjectClient project = errand.project(ACME, Caller.host());
        return project.tasks().list(TaskFilter.DEFAULT, PageRequest.FIRST).total();
    }

    private static HikariDataSource pool(String database) throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(PostgresServer.get().newDatabase(database));
        return new HikariDataSource(config);
    }

    private static boolean contains(String source, MarkdownPage.Block block) {
        try {
            List<String> code = stripped(Files.readAllLines(ProjectFiles.ROOT.resolve(source)));
            return Collections.indexOfSubList(code, stripped(block.lines())) >= 0;
        } catch (IOException unreadable) {
            return false;
        }
    }

    private static List<String> stripped(List<String> lines) {
        return lines.stream().map(String::strip).toList();
    }

    private static List<Path> pages() throws IOException {
        Path docs = ProjectFiles.ROOT.resolve("docs");
        return Stream.concat(
                        Stream.of(ProjectFiles.ROOT.resolve("README.md")),
                        ProjectFiles.endingIn(".md").stream().filter(it -> it.startsWith(docs)))
                .toList();
    }
}
