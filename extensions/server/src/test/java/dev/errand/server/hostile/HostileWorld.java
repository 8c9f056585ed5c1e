package dev.errand.server.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What the hostile clients meet: a task whose run was not started, a task whose run has ended, and
 * two whose agents run; and the credentials of each kind.
 */
final class HostileWorld {

    /** The agent passes its token on; it runs on if the prompt says so. */
    static final String AGENT =
            """
            prompt=$(cat)
            cp "$ERRAND_API_TOKEN_FILE" "$1/$ERRAND_RUN_ID.part"
            mv "$1/$ERRAND_RUN_ID.part" "$1/$ERRAND_RUN_ID"
            case "$prompt" in *stay-alive*) exec sleep 3600;; esac
            """;

    static final String WRITER = "token-of-a-writer";
    static final String READER = "token-of-a-reader";
    static final String HONEST = "token-of-an-honest-user";
    static final String OTHER = "token-for-another-project";

    static final String DIRECTORY =
            """
            {"projects": [{"id": 1, "name": "A"}, {"id": 2, "name": "B"}, {"id": 3, "name": "C"}],
             "users": [
               {"id": 1, "uuid": "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b10", "distinct_id": "u-1",
                "first_name": "A", "last_name": "A", "email": "a@example.com"},
               {"id": 2, "uuid": "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b11", "distinct_id": "u-2",
                "first_name": "B", "last_name": "B", "email": "b@example.com"},
               {"id": 3, "uuid": "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b12", "distinct_id": "u-3",
                "first_name": "C", "last_name": "C", "email": "c@example.com"}],
             "tokens": [
               {"token": "token-of-a-writer", "user": 1, "projects": [1], "scopes": ["*"]},
               {"token": "token-of-a-reader", "user": 2, "projects": [1], "scopes": ["task:read"]},
               {"token": "token-for-another-project", "user": 2, "projects": [2], "scopes": ["*"]},
               {"token": "token-of-an-honest-user", "user": 3, "projects": [3], "scopes": ["*"]}]}
            """;

    private static final int KINDS = 4;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI url;
    private final Path tokens;
    private final List<Target> targets = new ArrayList<>();

    HostileWorld(URI url, Path tokens) {
        this.url = url;
        this.tokens = tokens;
    }

    /** A run with its task, and whether its agent should be running. */
    record Target(String task, String run, boolean isLive) {}

    /** Returns the runs: not started, ended, live, live. */
    List<Target> targets() {
        return targets;
    }

    /** Creates each run again that was changed so much that it is of another kind. */
    void renew() throws IOException {
        for (int i = 0; i < KINDS; i++) {
            if (i == targets.size()) {
                targets.add(create(i));
            } else if (!isAsCreated(targets.get(i))) {
                // Ends its agents.
                exchange(WRITER, "DELETE", "tasks/" + targets.get(i).task + "/", "");
                targets.set(i, create(i));
            }
        }
    }

    private Target create(int kind) throws IOException {
        switch (kind) {
            case 0 -> {
                String task = create("cold");
                JsonNode run = send(WRITER, "POST", "tasks/" + task + "/runs/", "{}");
                return new Target(task, run.get("id").asText(), false);
            }
            case 1 -> {
                String task = create("end");
                Target ended = new Target(task, start(task), false);
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> run(ended).path("completed_at").isTextual());
                return ended;
            }
            default -> {
                return live();
            }
        }
    }

    /** Returns an {@code Authorization} header of every kind, beginning with the weakest. */
    List<String> authorizations() throws IOException {
        List<String> all = new ArrayList<>();
        all.add("");
        all.add("Bearer unknown");
        all.add("Bearer errand_run_unknown");
        all.add("Bearer " + OTHER);
        all.add("Bearer " + READER);
        for (int i = 1; i < targets.size(); i++) {
            all.add("Bearer " + Files.readString(tokens.resolve(targets.get(i).run)).strip());
        }
        all.add("Bearer " + WRITER);
        return all;
    }

    /** Returns all state of the targets, except for what the server itself changes in it. */
    List<String> state() {
        List<String> state = new ArrayList<>();
        state.add(text(WRITER, "tasks/?limit=1").replaceAll("^.*?(\"count\":[0-9]+).*$", "$1"));
        for (Target target : targets) {
            state.add(without(get(WRITER, "tasks/" + target.task + "/"), "latest_run").toString());
            ObjectNode run = without(run(target), "log_url");
            if (run.path("state").has("handoff_resumed")) {
                state.add("restarted"); // By an accepted request: its agent changes it meanwhile.
                continue;
            }
            if (target.isLive) {
                run.remove(List.of("status", "updated_at", "completed_at", "error_message"));
            }
            state.add(run.toString());
            state.add(text(WRITER, path(target) + "logs/"));
        }
        return state;
    }

    /** Does what a client does all day, and returns how long the slowest request took. */
    Duration workHonestly() throws IOException {
        long slowest = 0;
        String task = "";
        for (int step = 0; step < 4; step++) {
            long start = System.nanoTime();
            switch (step) {
                case 0 -> task = create(HONEST, "honest");
                case 1 -> send(HONEST, "PATCH", "tasks/" + task + "/", "{\"title\": \"t\"}");
                case 2 -> get(HONEST, "tasks/" + task + "/");
                default -> get(HONEST, "tasks/?limit=1");
            }
            slowest = Math.max(slowest, System.nanoTime() - start);
        }
        return Duration.ofNanos(slowest);
    }

    private boolean isAsCreated(Target target) {
        HttpResponse<String> found = exchange(WRITER, "GET", path(target), "");
        return found.statusCode() == 200
                && (!target.isLive || found.body().contains("\"status\":\"in_progress\""));
    }

    private Target live() throws IOException {
        String task = create("stay-alive");
        Target target = new Target(task, start(task), true);
        await().atMost(Duration.ofSeconds(60)).until(() -> isAsCreated(target));
        await().atMost(Duration.ofSeconds(60))
                .until(() -> Files.exists(tokens.resolve(target.run)));
        return target;
    }

    private String create(String description) throws IOException {
        return create(WRITER, description);
    }

    private String create(String token, String description) throws IOException {
        String body = "{\"description\": \"" + description + "\"}";
        return send(token, "POST", "tasks/", body).get("id").asText();
    }

    private String start(String task) throws IOException {
        return send(WRITER, "POST", "tasks/" + task + "/run/", "{}").at("/latest_run/id").asText();
    }

    private JsonNode run(Target target) {
        return get(WRITER, path(target));
    }

    private static String path(Target target) {
        return "tasks/" + target.task + "/runs/" + target.run + "/";
    }

    private static ObjectNode without(JsonNode object, String member) {
        ObjectNode copy = object.deepCopy();
        copy.remove(member);
        return copy;
    }

    private JsonNode get(String token, String path) {
        try {
            return MAPPER.readTree(text(token, path));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private String text(String token, String path) {
        return exchange(token, "GET", path, "").body();
    }

    private JsonNode send(String token, String method, String path, String body)
            throws IOException {
        HttpResponse<String> response = exchange(token, method, path, body);
        assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
        return MAPPER.readTree(response.body());
    }

    private HttpResponse<String> exchange(String token, String method, String path, String body) {
        try {
            return http.send(
                    HttpRequest.newBuilder(url.resolve("/api/projects/@current/").resolve(path))
                            .header("Authorization", "Bearer " + token)
                            .header("Content-Type", "application/json")
                            .method(method, BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
