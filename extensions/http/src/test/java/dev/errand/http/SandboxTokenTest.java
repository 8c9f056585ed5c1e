package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.access.Caller;
import dev.errand.spi.run.RunId;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.task.TaskId;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Operations that a sandbox token allows. */
class SandboxTokenTest {

    private static final Set<String> READS_ITS_TASK =
            Set.of("retrieve task", "retrieve run", "logs", "session logs", "task session");
    private static final Set<String> WRITES_ITS_RUN =
            Set.of(
                    "update run",
                    "cancel run",
                    "set output",
                    "append log",
                    "relay message",
                    "upload artifacts",
                    "prepare to run");
    private static final Map<String, Integer> REACHES_WHAT_IS_NOT_THERE =
            Map.of(
                    "finalize to run",
                    400,
                    "sync task session",
                    400,
                    "presign artifact",
                    404,
                    "download artifact",
                    404);

    @RegisterExtension static final Host host = Host.started();

    private static final Client rosa = host.rosa();

    private String task;
    private String run;

    @BeforeEach
    void newRun() {
        task = Paths.newTask(rosa);
        run = Paths.queued(rosa, task, "{}").get("id").asText();
    }

    @Test
    void anAgentWritesItsOwnRunAndReadsItsTask() {
        Client agent = agent(run, attempt(), Duration.ofHours(1));

        for (ApiOperation operation : ApiOperation.all(task, run)) {
            Reply reply = operation.send(agent, operation.body(), "application/json");
            if (READS_ITS_TASK.contains(operation.name())
                    || WRITES_ITS_RUN.contains(operation.name())) {
                assertThat(reply.status()).as(operation + reply.text()).isEqualTo(200);
            } else if (REACHES_WHAT_IS_NOT_THERE.containsKey(operation.name())) {
                assertThat(reply.status())
                        .as(operation + reply.text())
                        .isEqualTo(REACHES_WHAT_IS_NOT_THERE.get(operation.name()));
            } else {
                assertOutOfReach(reply);
            }
        }
    }

    @Test
    void anAgentReachesNoOtherRunOfItsTask() {
        Client agent = agent(run, attempt(), Duration.ofHours(1));
        String sibling = Paths.newRun(rosa, task);

        assertOutOfReach(agent.get(Paths.run(task, sibling)));
        assertOutOfReach(agent.get(Paths.run(task, sibling) + "logs/"));
        assertOutOfReach(agent.get(Paths.run(task, sibling) + "session_logs/"));
        assertOutOfReach(agent.patch(Paths.run(task, sibling), "{\"stage\": \"x\"}"));
        assertOutOfReach(agent.patch(Paths.run(task, sibling) + "set_output/", "{\"output\": 1}"));
        assertOutOfReach(
                agent.post(Paths.run(task, sibling) + "append_log/", "{\"entries\": [{}]}"));
    }

    @Test
    void anAgentReachesNoOtherTaskAndNoOtherProject() {
        Client agent = agent(run, attempt(), Duration.ofHours(1));
        String other = Paths.newTask(rosa);

        assertOutOfReach(agent.get(Paths.task(other)));
        assertOutOfReach(agent.get(Paths.runs(other)));
        assertOutOfReach(agent.get(Paths.run(other, run)));
        assertOutOfReach(agent.get(Paths.task("x")));
        assertThat(agent.get("/api/projects/8/tasks/" + task).status()).isEqualTo(403);
        agent.get("/api/projects/@current/tasks/" + task).isJson(200);
    }

    @Test
    void aSupersededAgentIsRejected() {
        Client late = agent(run, attempt() + 1, Duration.ofHours(1));
        String path = Paths.run(task, run);

        assertSuperseded(late.patch(path, "{\"status\": \"completed\"}"));
        assertSuperseded(late.patch(path + "set_output/", "{\"output\": 1}"));
        assertSuperseded(late.post(path + "append_log/", "{\"entries\": [{}]}"));

        assertThat(rosa.get(path).json().get("status").asText()).isEqualTo("queued");
        assertThat(rosa.get(path + "logs/").bytes()).isEmpty();
    }

    /** docs/wire/authentication.md#c1: what an agent may do after its run was cancelled. */
    @Test
    void afterTheEndAnAgentMayOnlyReport() {
        Client agent = agent(run, attempt(), Duration.ofHours(1));
        String path = Paths.run(task, run);
        rosa.patch(path, "{\"status\": \"cancelled\"}").isJson(200);

        assertThat(agent.patch(path, "{\"branch\": \"fix-cart\"}").status()).isEqualTo(200);
        assertThat(agent.patch(path + "set_output/", "{\"output\": 1}").status()).isEqualTo(200);
        assertThat(agent.post(path + "append_log/", "{\"entries\": [{}]}").status()).isEqualTo(200);
        assertThat(agent.patch(path, "{\"status\": \"completed\"}").status()).isEqualTo(400);
        assertEnded(agent.get(path));
        assertEnded(agent.get(path + "logs/"));
        assertEnded(agent.get(Paths.task(task)));
        assertThat(agent.post(path + "relay_message/", "{\"text\": \"Hi\"}").text())
                .isEqualTo("{\"status\":\"skipped\"}");
        assertEnded(
                agent.post(
                        path + "artifacts/",
                        "{\"artifacts\": [{\"name\": \"a\", \"type\": \"plan\","
                                + " \"content\": \"a\"}]}"));
    }

    @Test
    void aTokenExpires() {
        Client agent = agent(run, attempt(), Duration.ofSeconds(60));
        agent.get(Paths.run(task, run)).isJson(200);

        host.clock().advance(Duration.ofSeconds(60));

        assertThat(agent.get(Paths.run(task, run)).isEnvelope().status()).isEqualTo(401);
    }

    @Test
    void anAlteredTokenIsRejected() {
        String token = token(run, attempt(), Duration.ofHours(1));
        String sibling = Paths.newRun(rosa, task);

        for (String altered :
                new String[] {
                    token + "x",
                    token.substring(0, token.length() - 1),
                    token.replace(run, sibling),
                    token.replace("errand_run_7.", "errand_run_8."),
                    token.replace("errand_run_", "errand_run_0")
                }) {
            Reply reply = host.client(altered).get(Paths.run(task, run));
            assertThat(reply.isEnvelope().status()).isEqualTo(401);
        }
    }

    private static void assertOutOfReach(Reply reply) {
        reply.isError(
                403,
                "authentication_error",
                "permission_denied",
                "This token is only valid for its own task run.",
                null);
    }

    private static void assertSuperseded(Reply reply) {
        reply.isError(
                403,
                "authentication_error",
                "permission_denied",
                "This token belongs to a superseded attempt of the run.",
                null);
    }

    private static void assertEnded(Reply reply) {
        reply.isError(
                403,
                "authentication_error",
                "permission_denied",
                "The task run has ended; this token is only valid for late reports.",
                null);
    }

    private int attempt() {
        return host.errand()
                .project(AcmeDirectory.ACME, Caller.host())
                .runs()
                .get(TaskId.parse(task).orElseThrow(), RunId.parse(run).orElseThrow())
                .attempt();
    }

    private Client agent(String id, int attempt, Duration validFor) {
        return host.client(token(id, attempt, validFor));
    }

    private String token(String id, int attempt, Duration validFor) {
        SandboxId sandbox =
                new SandboxId(
                        AcmeDirectory.ACME,
                        TaskId.parse(task).orElseThrow(),
                        RunId.parse(id).orElseThrow(),
                        attempt);
        return host.errand().sandboxTokens().issue(sandbox, validFor).reveal();
    }
}
