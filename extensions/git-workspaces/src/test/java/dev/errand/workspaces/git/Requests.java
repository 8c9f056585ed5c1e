package dev.errand.workspaces.git;

import dev.errand.spi.JsonText;
import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.task.OriginProduct;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskDetails;
import dev.errand.spi.task.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Builds launch requests for tests. */
record Requests(
        RunId run,
        Optional<String> repository,
        Optional<String> branch,
        String title,
        Map<String, Secret> secrets) {

    static final ProjectId PROJECT = ProjectId.of(7);

    private static final Instant CREATED = Instant.parse("2026-11-01T12:00:00Z");
    private static final TaskId TASK = TaskId.of(new UUID(0, 1));

    static Requests of(String repository) {
        return new Requests(
                RunId.of(UUID.randomUUID()),
                Optional.of(repository),
                Optional.empty(),
                "Fix the cart",
                Map.of());
    }

    Requests withRun(String id) {
        return new Requests(RunId.of(UUID.fromString(id)), repository, branch, title, secrets);
    }

    Requests withBranch(String changed) {
        return new Requests(run, repository, Optional.of(changed), title, secrets);
    }

    Requests withTitle(String changed) {
        return new Requests(run, repository, branch, changed, secrets);
    }

    Requests withToken(String token) {
        return new Requests(
                run, repository, branch, title, Map.of("github_user_token", Secret.of(token)));
    }

    Requests withoutRepository() {
        return new Requests(run, Optional.empty(), branch, title, secrets);
    }

    LaunchRequest build() {
        TaskDetails details =
                new TaskDetails(
                        title,
                        false,
                        "",
                        OriginProduct.USER_CREATED,
                        repository,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        Optional.empty());
        Task task =
                new Task(
                        PROJECT,
                        TASK,
                        1,
                        1,
                        details,
                        Optional.empty(),
                        CREATED,
                        CREATED,
                        Optional.empty());
        Run started =
                new Run(
                        PROJECT,
                        TASK,
                        run,
                        1,
                        RunStatus.QUEUED,
                        RunEnvironment.CLOUD,
                        Optional.empty(),
                        branch,
                        Optional.empty(),
                        Optional.empty(),
                        JsonText.EMPTY_OBJECT,
                        List.of(),
                        1,
                        Optional.empty(),
                        CREATED,
                        CREATED,
                        Optional.empty());
        return new LaunchRequest(
                new SandboxId(PROJECT, TASK, run, 1),
                task,
                started,
                "",
                List.of(),
                secrets,
                Optional.empty(),
                Secret.of("token-of-the-run"),
                Duration.ofMinutes(5));
    }
}
