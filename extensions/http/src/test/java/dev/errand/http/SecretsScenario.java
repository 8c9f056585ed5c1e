package dev.errand.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.access.Caller;
import dev.errand.spi.PortException;
import dev.errand.spi.run.RunId;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.store.Backend;
import dev.errand.spi.task.TaskId;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;

/**
 * Sends secrets in every part of valid and invalid requests, with working and with failing storage.
 * Prints every response to standard output; the log is on standard error. {@link SecretsTest} runs
 * it in a separate process.
 */
final class SecretsScenario {

    static final String BEARER = "planted-bearer-0f3a";
    static final String GITHUB = "planted-github-7c21";

    private static final FailingPorts STORAGE = new FailingPorts();
    private static final PrintStream OUT = System.out;

    private SecretsScenario() {}

    public static void main(String[] arguments) {
        Authenticator authenticator =
                Authenticator.ofBearerTokens(
                        token ->
                                token.equals(BEARER)
                                        ? Optional.of(Caller.user(AcmeDirectory.ROSA))
                                        : Optional.empty());
        try (Host host =
                Host.with()
                        .authenticator(authenticator)
                        .backend(backend -> STORAGE.wrap(Backend.class, backend))
                        .start()) {
            run(host);
        }
        OUT.flush();
    }

    private static void run(Host host) {
        Client rosa = host.client(BEARER);
        String task = Paths.newTask(rosa, "{\"repository\": \"a/b\"}");
        String run = sendTokens(rosa, task);
        String agent = sandboxToken(host, task, run);
        OUT.println("sandbox token: " + agent);
        for (Client client : new Client[] {rosa, host.client(agent), host.client(agent + "x")}) {
            sendEveryOperation(client, task, run);
        }
        STORAGE.failWith(PortException.retryable("RunStore", "down", new Exception("why")));
        sendEveryOperation(rosa, task, run);
        for (String secret : new String[] {BEARER, GITHUB, agent}) {
            STORAGE.failWith(new IllegalStateException("quotes " + secret));
            sendEveryOperation(rosa, task, run);
        }
        STORAGE.recover();
        sendEveryOperation(rosa, task, run);
    }

    /**
     * Sends the GitHub token in valid bodies, in invalid ones, and in other members; returns the id
     * of a run.
     */
    private static String sendTokens(Client rosa, String task) {
        String member = "\"github_user_token\": \"" + GITHUB + "\"";
        String runs = Paths.runs(task);
        String user = "{\"pr_authorship_mode\": \"user\", " + member + "}";
        JsonNode queued = Paths.queued(rosa, task, user);
        OUT.println(queued);
        for (String path : new String[] {runs, Paths.task(task) + "run/"}) {
            for (String body :
                    new String[] {
                        user,
                        "{" + member + "}",
                        "{" + member + ", \"mode\": \"x\"}",
                        "{" + member + ", \"runtime_adapter\": \"claude\"}",
                        "{" + member + ", " + member + "}",
                        "{" + member,
                        "{" + member + "} " + GITHUB,
                        "{\"github_user_token\": [\"" + GITHUB + "\"]}",
                        "{\"github_user_token\": \"" + GITHUB + "\\u0000\"}",
                        "{\"github_user_token\": \"" + GITHUB + "\\ud800\"}",
                        "{\"github_user_token\": \"" + GITHUB,
                        "[\"" + GITHUB + "\"]",
                        "\"" + GITHUB + "\"",
                        GITHUB,
                        "{" + member + ", \"resume_from_run_id\": \"" + Paths.MISSING + "\"}",
                        "{" + member + ", \"sandbox_environment_id\": \"" + Paths.MISSING + "\"}"
                    }) {
                print(rosa.post(path, body));
                print(rosa.post(path, body, "Idempotency-Key", "k" + body.hashCode()));
                print(rosa.post(path, body + " ", "Idempotency-Key", "k" + body.hashCode()));
            }
        }
        return queued.get("id").asText();
    }

    private static void sendEveryOperation(Client client, String task, String run) {
        for (ApiOperation operation : ApiOperation.all(task, run)) {
            if (!operation.name().equals("delete task")) {
                print(operation.send(client, operation.body(), "application/json"));
            }
        }
        print(
                client.post(
                        Paths.task(task) + "run/", "{\"github_user_token\": \"" + GITHUB + "\"}"));
        print(client.as("not-" + BEARER).get(Paths.TASKS));
        print(client.as(null).get("/_logs/7/" + task + "/" + run + "?signature=" + BEARER));
    }

    private static void print(Reply reply) {
        OUT.println(reply.status() + " " + reply.response().headers().map() + " " + reply.text());
    }

    private static String sandboxToken(Host host, String task, String run) {
        SandboxId sandbox =
                new SandboxId(
                        AcmeDirectory.ACME,
                        TaskId.parse(task).orElseThrow(),
                        RunId.parse(run).orElseThrow(),
                        1);
        return host.errand().sandboxTokens().issue(sandbox, Duration.ofHours(1)).reveal();
    }
}
