package dev.errand.process;

import dev.errand.spi.JsonText;
import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.sandbox.AgentReport;
import dev.errand.spi.sandbox.Attachment;
import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.ResumedConversation;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.task.OriginProduct;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskDetails;
import dev.errand.spi.task.TaskId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Builds launch requests for tests: {@code aRequest().withPrompt("…").build()}. */
final class LaunchRequests {

    static final ProjectId PROJECT = ProjectId.of(7);
    static final String TOKEN = "token-of-the-run";

    private static final Instant CREATED = Instant.parse("2026-11-01T12:00:00Z");

    private TaskId task = TaskId.of(UUID.randomUUID());
    private RunId run = RunId.of(UUID.randomUUID());
    private String prompt = "Fix the fence.";
    private Optional<String> repository = Optional.of("farm/fences");
    private Optional<String> branch = Optional.of("errand/fence");
    private Optional<JsonText> schema = Optional.empty();
    private JsonText state = JsonText.EMPTY_OBJECT;
    private Duration timeLimit = Duration.ofMinutes(5);
    private Optional<ResumedConversation> conversation = Optional.empty();
    private final List<Attachment> attachments = new ArrayList<>();
    private final Map<String, Secret> secrets = new LinkedHashMap<>();

    private LaunchRequests() {}

    static LaunchRequests aRequest() {
        return new LaunchRequests();
    }

    static SandboxId id(TaskId task, RunId run) {
        return new SandboxId(PROJECT, task, run, 1);
    }

    LaunchRequests of(SandboxId sandbox) {
        task = sandbox.task();
        run = sandbox.run();
        return this;
    }

    LaunchRequests withPrompt(String changed) {
        prompt = changed;
        return this;
    }

    LaunchRequests withBranch(String changed) {
        branch = Optional.of(changed);
        return this;
    }

    LaunchRequests withoutRepository() {
        repository = Optional.empty();
        return this;
    }

    LaunchRequests withSchema(String changed) {
        schema = Optional.of(JsonText.of(changed));
        return this;
    }

    LaunchRequests withState(String changed) {
        state = JsonText.of(changed);
        return this;
    }

    LaunchRequests withTimeLimit(Duration changed) {
        timeLimit = changed;
        return this;
    }

    /** Continues the conversation that an earlier sandbox left, as a dispatcher does. */
    LaunchRequests resuming(AgentReport report) throws IOException {
        byte[] content;
        try (InputStream in = report.conversation().orElseThrow().content().open()) {
            content = in.readAllBytes();
        }
        conversation =
                Optional.of(
                        new ResumedConversation(
                                report.sessionId().orElseThrow(),
                                () -> new ByteArrayInputStream(content),
                                report.tokenUsage().orElse(JsonText.EMPTY_OBJECT)));
        return this;
    }

    LaunchRequests withSecret(String name, String value) {
        secrets.put(name, Secret.of(value));
        return this;
    }

    LaunchRequests withAttachment(String name, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        return withAttachment(name, () -> new ByteArrayInputStream(bytes));
    }

    LaunchRequests withAttachment(String name, Attachment.Content content) {
        ArtifactId id = ArtifactId.of(new UUID(0, attachments.size()));
        attachments.add(new Attachment(id, name, 0, "", content));
        return this;
    }

    LaunchRequest build() {
        return new LaunchRequest(
                id(task, run),
                aTask(),
                aRun(),
                prompt,
                attachments,
                secrets,
                Optional.of(URI.create("https://tasks.example/api/")),
                Secret.of(TOKEN),
                timeLimit,
                conversation,
                Map.of());
    }

    private Task aTask() {
        TaskDetails details =
                new TaskDetails(
                        "Fence",
                        false,
                        prompt,
                        OriginProduct.USER_CREATED,
                        repository,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        schema,
                        false,
                        Optional.empty());
        return new Task(
                PROJECT, task, 1, 1, details, Optional.empty(), CREATED, CREATED, Optional.empty());
    }

    private Run aRun() {
        return new Run(
                PROJECT,
                task,
                run,
                1,
                RunStatus.QUEUED,
                RunEnvironment.CLOUD,
                Optional.empty(),
                branch,
                Optional.empty(),
                Optional.empty(),
                state,
                List.of(),
                1,
                Optional.empty(),
                CREATED,
                CREATED,
                Optional.empty());
    }
}
