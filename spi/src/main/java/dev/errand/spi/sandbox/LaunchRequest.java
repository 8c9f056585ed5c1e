package dev.errand.spi.sandbox;

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
 * The parameters of a sandbox.
 *
 * @param sandbox its id
 * @param task the task in its current version
 * @param run the run in its current version
 * @param prompt the first prompt (docs/wire/runs.md#f), may be empty
 * @param attachments input files, in order
 * @param secrets secrets of the run by name, such as {@code github_user_token}; the launcher must
 *     pass them by file or file descriptor, never as arguments
 * @param apiUrl the URL of the Tasks API as seen from the sandbox; empty if the sandbox cannot
 *     reach the API
 * @param apiToken the agent's token, valid for this run and attempt only
 * @param timeLimit maximum run time of the sandbox
 * @param conversation the conversation to continue, if there is one; launchers that do not
 *     understand their agent program ignore it
 * @param traceContext the trace that the launch belongs to, by the names of the host's propagation
 *     format, such as {@code traceparent}; empty if the host does not trace. Not secret. A launcher
 *     may pass it to the agent
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
        Duration timeLimit,
        Optional<ResumedConversation> conversation,
        Map<String, String> traceContext) {

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
        Objects.requireNonNull(conversation, "conversation");
        traceContext = Map.copyOf(traceContext);
    }

    /** Creates a request that continues neither a conversation nor a trace. */
    public LaunchRequest(
            SandboxId sandbox,
            Task task,
            Run run,
            String prompt,
            List<Attachment> attachments,
            Map<String, Secret> secrets,
            Optional<URI> apiUrl,
            Secret apiToken,
            Duration timeLimit) {
        this(
                sandbox,
                task,
                run,
                prompt,
                attachments,
                secrets,
                apiUrl,
                apiToken,
                timeLimit,
                Optional.empty(),
                Map.of());
    }

    /** Returns a copy with the given trace context. */
    public LaunchRequest withTraceContext(Map<String, String> changed) {
        return new LaunchRequest(
                sandbox,
                task,
                run,
                prompt,
                attachments,
                secrets,
                apiUrl,
                apiToken,
                timeLimit,
                conversation,
                changed);
    }
}
