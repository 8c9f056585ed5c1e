package dev.errand.spi.dispatch;

import dev.errand.spi.Secret;
import dev.errand.spi.run.Run;
import dev.errand.spi.task.Task;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Everything a launcher needs for one sandbox.
 *
 * @param sandbox its name
 * @param task the task, as it stands
 * @param run the run, as it stands
 * @param prompt the first prompt, chosen by precedence (contract F), may be empty
 * @param attachments files to start with, in order
 * @param secrets secrets of the run by name, such as {@code github_user_token}; handed over by file
 *     or descriptor, never by argument
 * @param apiUrl where the Tasks API is reached from a sandbox, if it is
 * @param apiToken what the agent authenticates with; good for this run and attempt only
 * @param timeLimit how long the sandbox may run
 */
public record LaunchRequest(
        SandboxId sandbox,
        Task task,
        Run run,
        String prompt,
        List<Attachment> attachments,
        Map<String, Secret> secrets,
        Optional<URI> apiUrl,
        Secret apiToken,
        Duration timeLimit) {

    /** Copies the collections. */
    public LaunchRequest {
        Objects.requireNonNull(sandbox, "sandbox");
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(run, "run");
        Objects.requireNonNull(prompt, "prompt");
        attachments = List.copyOf(attachments);
        secrets = Map.copyOf(secrets);
        Objects.requireNonNull(apiUrl, "apiUrl");
        Objects.requireNonNull(apiToken, "apiToken");
        Objects.requireNonNull(timeLimit, "timeLimit");
    }
}
