package dev.errand.agents;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.spi.JsonText;
import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.run.PermissionMode;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.sandbox.SandboxListener.Source;
import dev.errand.spi.task.OriginProduct;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskDetails;
import dev.errand.spi.task.TaskId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** Runs and recorded output for tests. */
final class Samples {

    static final Instant NOW = Instant.parse("2026-12-01T10:00:00Z");
    static final String RUN_ID = "11111111-2222-4333-8444-555555555555";
    static final AgentRun PLAIN =
            new AgentRun(
                    RUN_ID,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());

    private Samples() {}

    static AgentRun withModel(String model) {
        return new AgentRun(
                RUN_ID,
                Optional.of(model),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    static AgentRun withEffort(String effort) {
        return new AgentRun(
                RUN_ID,
                Optional.empty(),
                Optional.of(effort),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    static AgentRun withMode(PermissionMode mode) {
        return new AgentRun(
                RUN_ID,
                Optional.empty(),
                Optional.empty(),
                Optional.of(mode),
                Optional.empty(),
                Optional.empty());
    }

    static AgentRun withSchema(String schema) {
        return new AgentRun(
                RUN_ID,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(JsonText.of(schema)),
                Optional.empty());
    }

    static AgentRun resuming(String id) {
        return PLAIN.resuming(
                new AgentRun.Session(
                        id, InputStream::nullInputStream, new TokenUsage(16, 14, 6, 0, 4, 1)));
    }

    static Map<String, String> files(AgentLaunch launch) {
        Map<String, String> files = new TreeMap<>();
        for (AgentLaunch.PrivateFile file : launch.files()) {
            try (InputStream content = file.content().open()) {
                files.put(
                        file.path().toString(),
                        new String(content.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException failure) {
                throw new AssertionError(file.path().toString(), failure);
            }
        }
        return files;
    }

    static List<String> recorded(String name) {
        try (InputStream stream =
                Objects.requireNonNull(
                        Samples.class.getResourceAsStream("/streams/" + name + ".jsonl"), name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException failure) {
            throw new AssertionError(name, failure);
        }
    }

    /** Lets a stream read a recording, and returns the entries. */
    static List<JsonNode> translate(AgentStream stream, List<String> lines) {
        List<JsonNode> entries = new ArrayList<>();
        for (String line : lines) {
            for (JsonText entry : stream.translate(Source.STDOUT, line, NOW)) {
                entries.add(JsonLines.parse(entry.text()).orElseThrow());
            }
        }
        return entries;
    }

    static AgentResult result(AgentStream stream, String recording, int exitCode) {
        translate(stream, recorded(recording));
        return stream.result(exitCode, Optional.empty(), NOW);
    }

    /** Returns a short form of an entry: what a client draws. */
    static String drawn(JsonNode entry) {
        JsonNode notification = entry.path("notification");
        JsonNode parameters = notification.path("params");
        if (!notification.path("method").asText().equals("session/update")) {
            return notification.path("method").asText()
                    + parameters.path("level").asText("").transform(l -> l.isEmpty() ? l : " " + l)
                    + " "
                    + parameters.path("message").asText(parameters.path("sessionId").asText());
        }
        JsonNode update = parameters.path("update");
        String detail =
                switch (update.path("sessionUpdate").asText()) {
                    case "agent_message", "agent_thought_chunk" ->
                            update.path("content").path("text").asText();
                    case "tool_call" ->
                            update.path("kind").asText()
                                    + " | "
                                    + update.path("title").asText()
                                    + " | "
                                    + update.path("rawInput")
                                    + " | "
                                    + update.path("locations");
                    case "tool_call_update" ->
                            update.path("status").asText()
                                    + " | "
                                    + update.findValuesAsText("text");
                    case "plan" -> {
                        List<String> steps = new ArrayList<>();
                        update.path("entries")
                                .forEach(
                                        step ->
                                                steps.add(
                                                        step.path("content").asText()
                                                                + ":"
                                                                + step.path("status").asText()));
                        yield steps.toString();
                    }
                    default -> update.path("used") + "/" + update.path("size");
                };
        return update.path("sessionUpdate").asText() + " " + detail;
    }

    static List<String> drawn(AgentStream stream, String recording) {
        return translate(stream, recorded(recording)).stream().map(Samples::drawn).toList();
    }

    static LaunchRequest request(String state, Optional<String> schema) {
        TaskId task = TaskId.of(new UUID(0, 1));
        RunId run = RunId.of(UUID.fromString(RUN_ID));
        ProjectId project = ProjectId.of(1);
        TaskDetails details =
                new TaskDetails(
                        "Cart",
                        false,
                        "Fix the cart",
                        OriginProduct.USER_CREATED,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        schema.map(JsonText::of),
                        false,
                        Optional.empty());
        return new LaunchRequest(
                new SandboxId(project, task, run, 1),
                new Task(
                        project, task, 1, 1, details, Optional.empty(), NOW, NOW, Optional.empty()),
                new Run(
                        project,
                        task,
                        run,
                        1,
                        RunStatus.QUEUED,
                        RunEnvironment.CLOUD,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        JsonText.of(state),
                        List.of(),
                        1,
                        Optional.empty(),
                        NOW,
                        NOW,
                        Optional.empty()),
                "Fix the cart",
                List.of(),
                Map.of(),
                Optional.empty(),
                Secret.of("token"),
                Duration.ofMinutes(1));
    }
}
