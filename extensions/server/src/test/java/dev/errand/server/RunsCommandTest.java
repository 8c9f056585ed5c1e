package dev.errand.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands for operators. */
class RunsCommandTest {

    private static final String AGENT =
            """
            case $(cat) in
                fail) echo "no such file"; exit 3;;
                wait) sleep 600;;
            esac
            """;

    @TempDir Path folder;

    private ErrandServer server;
    private ApiTestClient api;
    private Map<String, String> environment;
    private String out;
    private String err;

    @BeforeEach
    void start() throws IOException {
        server =
                ErrandServer.start(
                        ServerOptions.DEFAULT
                                .withPort(0)
                                .withAgents(ScriptedAgent.of(folder, AGENT)));
        api = ApiTestClient.of(server);
        environment = new HashMap<>();
        environment.put("ERRAND_URL", server.url().toString());
        environment.put("ERRAND_TOKEN", server.token().orElseThrow().reveal());
    }

    @AfterEach
    void end() {
        server.close();
    }

    @Test
    void listPrintsATableOfTheLatestRuns() throws IOException {
        String failed = api.createTask("fail");
        api.awaitEnd(failed, api.run(failed, ""));
        String done = api.createTask("be done");
        String doneRun = api.run(done, "");
        api.awaitEnd(done, doneRun);
        api.createTask("not started");

        assertThat(runs("list")).isZero();

        List<String> lines = out.lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).matches("TASK +RUN +STATUS +DURATION +REASON");
        assertThat(lines.get(1))
                .matches("\\S+-1 +" + doneRun + " +completed +[0-9]+ s +completed successfully");
        assertThat(lines.get(2))
                .matches("\\S+-0 .* failed +[0-9]+ s +Agent exited with code 3\\..*");
        assertThat(runs("list", "--status=failed", "--json")).isZero();
        assertThat(ApiTestClient.json(out)).hasSize(1);
        assertThat(ApiTestClient.json(out).at("/0/task").textValue()).isEqualTo(failed);
    }

    @Test
    void showPrintsTheStatusAndItsReason() throws IOException {
        String task = api.createTask("fail");
        String run = api.run(task, "");
        api.awaitEnd(task, run);

        assertThat(runs("show", "0")).isZero();
        assertThat(out)
                .contains("run id      " + run)
                .containsPattern("status      failed, after [0-9]+ s")
                .contains(
                        "reason      Agent exited with code 3. Last output:\n            no such");
        assertThat(runs("show", task, run, "--json")).isZero();
        assertThat(ApiTestClient.json(out).get("id").textValue()).isEqualTo(run);
        assertThat(ApiTestClient.json(out).get("status").textValue()).isEqualTo("failed");
    }

    @Test
    void showPrintsTheNextStepOfARunningRun() throws IOException {
        String task = api.createTask("wait");
        String run = api.run(task, "");
        await().until(() -> api.getRun(task, run).get("status").textValue().equals("in_progress"));

        assertThat(runs("show", task)).isZero();
        assertThat(out)
                .containsPattern("status      in_progress, for [0-9]+ s")
                .containsPattern("next        \\S+")
                .containsPattern("at latest   20[0-9]{2}-")
                .contains("attempt     1");
        assertThat(runs("show", task, "--json")).isZero();
        assertThat(ApiTestClient.json(out).at("/_describe/why").textValue()).isEqualTo("running");
        assertThat(ApiTestClient.json(out).at("/_describe/lease/owner").textValue())
                .startsWith("server-");
        assertThat(ApiTestClient.json(out).at("/_describe/lease/until").textValue())
                .startsWith("20");
        assertThat(runs("cancel", task)).isZero();
    }

    @Test
    void descriptionRequiresReadAccess() throws IOException {
        String task = api.createTask("wait");
        String run = api.run(task, "");
        String path = "/_describe/projects/@current/tasks/" + task + "/runs/" + run;

        assertThat(api.get(path).status()).isEqualTo(200);
        assertThat(api.get(path.replace("@current", "2")).status()).isEqualTo(404);
        assertThat(api.get(path.replace(run, task)).status()).isEqualTo(404);
        assertThat(api.get("/_describe/elsewhere").status()).isEqualTo(404);
        assertThat(new ApiTestClient(server.url(), "unknown-token").get(path).json())
                .isEqualTo(
                        ApiTestClient.json(
                                """
                                {"type": "authentication_error", "code": "authentication_failed",
                                 "detail": "Invalid token.", "attr": null}"""));
        ApiTestClient.Reply posted = api.post(path, "{}");
        assertThat(posted.status()).isEqualTo(405);
        assertThat(posted.json().get("code").textValue()).isEqualTo("method_not_allowed");
        assertThat(posted.response().headers().firstValue("Allow")).hasValue("GET, HEAD");
    }

    @Test
    void cancelStopsTheAgentAndRetryCreatesARun() throws IOException {
        String task = api.createTask("wait");
        String run = api.run(task, "");

        assertThat(runs("retry", task)).isEqualTo(1);
        assertThat(err).contains("only an ended run can be retried, so cancel it first");
        assertThat(runs("cancel", task)).isZero();
        JsonNode cancelled = api.awaitEnd(task, run);
        assertThat(cancelled.get("status").textValue()).isEqualTo("cancelled");
        assertThat(runs("cancel", task, run)).as(err).isBetween(0, 1);
        assertThat(runs("retry", task, run, "--json")).as(err).isZero();

        JsonNode again = ApiTestClient.json(out);
        assertThat(again.get("id").textValue()).isNotEqualTo(run);
        assertThat(again.at("/state/resume_from_run_id").textValue()).isEqualTo(run);
        assertThat(runs("list", task)).isZero();
        assertThat(out.lines()).hasSize(3);
    }

    @Test
    void unknownTasksAndRunsAreReportedInOneLine() throws IOException {
        assertThat(runs("show", "17")).isEqualTo(1);
        assertThat(err.lines())
                .containsExactly(
                        "errand-server runs: there is no task with number 17 in this project");
        assertThat(runs("show", "here!")).isEqualTo(1);
        assertThat(err).contains("'here!' is neither a task id nor a task number");
        String task = api.createTask("not started");
        assertThat(runs("show", task)).isEqualTo(1);
        assertThat(err).contains("task " + task + " has no run");
        assertThat(runs("show", task, "17")).isEqualTo(1);
        assertThat(err).contains("'17' is not a run id");
        assertThat(runs("list", "--limit=0")).isEqualTo(2);
        assertThat(runs()).isEqualTo(2);
    }

    @Test
    void idThatEndsLikeANumberIsNotANumber() throws IOException {
        assertThat(runs("show", "01a2049d-a545-716a-a9ba-307930812647")).isEqualTo(1);
        assertThat(err).contains("Not found").doesNotContain("number");
    }

    @Test
    void tokenComesFromAFileOrTheEnvironment() throws IOException {
        Path file = folder.resolve("token");
        Files.writeString(file, environment.remove("ERRAND_TOKEN") + "\n");

        assertThat(runs("list")).isEqualTo(1);
        assertThat(err).contains("no token; use --token-file FILE or set ERRAND_TOKEN");
        assertThat(runs("list", "--token-file", file.toString(), "--project=1")).isZero();
        environment.put("ERRAND_TOKEN", "another");
        assertThat(runs("list")).isEqualTo(1);
        assertThat(err).contains("(401)");
        server.close();
        assertThat(runs("list")).isEqualTo(1);
        assertThat(err).startsWith("errand-server runs: cannot reach http://127.0.0.1:");
    }

    private int runs(String... arguments) {
        StringWriter printed = new StringWriter();
        StringWriter errors = new StringWriter();
        String[] all =
                Stream.concat(Stream.of("runs"), Stream.of(arguments)).toArray(String[]::new);
        int exitCode =
                Main.run(
                        all,
                        environment,
                        new PrintWriter(printed, true),
                        new PrintWriter(errors, true));
        out = printed.toString();
        err = errors.toString();
        return exitCode;
    }
}
