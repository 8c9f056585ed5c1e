package dev.errand.internal.dispatch;

import dev.errand.access.SandboxTokens;
import dev.errand.dispatch.DispatchOptions;
import dev.errand.internal.engine.Engine;
import dev.errand.internal.engine.ResumedConversations;
import dev.errand.internal.engine.RunSecrets;
import dev.errand.internal.rules.RunState;
import dev.errand.run.StateKey;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.run.Run;
import dev.errand.spi.sandbox.Attachment;
import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.ResumedConversation;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.task.Task;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Creates launch requests from runs (docs/wire/runs.md#f). */
final class LaunchRequestFactory {

    /** Validity of a sandbox's token after its time limit, so that late reports are accepted. */
    private static final Duration TOKEN_VALID_AFTER_LIMIT = Duration.ofHours(1);

    /** The prompt of an attempt that continues the conversation of an earlier one. */
    private static final String CONTINUE = "Continue where you stopped.";

    private final Engine engine;
    private final SandboxTokens tokens;
    private final DispatchOptions options;

    LaunchRequestFactory(Engine engine, SandboxTokens tokens, DispatchOptions options) {
        this.engine = engine;
        this.tokens = tokens;
        this.options = options;
    }

    /**
     * Returns the request for the run's current attempt.
     *
     * @param timeLimit the total time of the sandbox
     */
    LaunchRequest create(Task task, Run run, Duration timeLimit) {
        SandboxId sandbox = SandboxId.of(run);
        RunState state = RunState.of(run);
        Optional<ResumedConversation> conversation = ResumedConversations.find(engine, run);
        boolean isContinued =
                conversation
                        .filter(it -> ResumedConversations.continuesItself(run, it))
                        .isPresent();
        return new LaunchRequest(
                sandbox,
                task,
                run,
                isContinued ? CONTINUE : prompt(task, state),
                attachments(run, state.pendingArtifactIds()),
                secrets(run),
                options.apiUrl(),
                tokens.issue(sandbox, timeLimit.plus(TOKEN_VALID_AFTER_LIMIT)),
                timeLimit,
                conversation,
                Map.of());
    }

    /**
     * Returns whether the run was created with a credential that has expired
     * (docs/wire/guarantees.md#j28).
     */
    boolean lacksCredential(Run run) {
        boolean needsToken =
                RunState.of(run)
                        .text(StateKey.GITHUB_CREDENTIAL_SOURCE)
                        .equals(Optional.of(RunSecrets.CALLER_TOKEN));
        return needsToken && !secrets(run).containsKey(RunSecrets.GITHUB_USER_TOKEN);
    }

    private Map<String, Secret> secrets(Run run) {
        return RunSecrets.mayHaveSecrets(run)
                ? engine.backend().secrets().find(run.project(), run.id())
                : Map.of();
    }

    private static String prompt(Task task, RunState state) {
        return state.text(StateKey.PENDING_USER_MESSAGE)
                .or(() -> state.text(StateKey.INITIAL_PROMPT_OVERRIDE))
                .orElse(task.details().description());
    }

    private List<Attachment> attachments(Run run, List<String> ids) {
        return run.artifacts().stream()
                .filter(artifact -> ids.contains(artifact.id().value()))
                .map(artifact -> attachment(run, artifact))
                .toList();
    }

    private Attachment attachment(Run run, Artifact artifact) {
        return new Attachment(
                artifact.id(),
                artifact.name(),
                artifact.sizeInBytes(),
                artifact.contentType(),
                () ->
                        engine.objects()
                                .open(run.project(), artifact.storagePath())
                                .orElseThrow(
                                        () ->
                                                new IOException(
                                                        "artifact "
                                                                + artifact.id()
                                                                + " is not in storage")));
    }
}
