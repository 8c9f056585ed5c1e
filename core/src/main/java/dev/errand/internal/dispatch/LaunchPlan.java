package dev.errand.internal.dispatch;

import dev.errand.access.RunTokens;
import dev.errand.dispatch.DispatchOptions;
import dev.errand.internal.engine.Engine;
import dev.errand.internal.engine.RunSecrets;
import dev.errand.internal.rules.RunState;
import dev.errand.run.StateKey;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.dispatch.Attachment;
import dev.errand.spi.dispatch.LaunchRequest;
import dev.errand.spi.dispatch.SandboxId;
import dev.errand.spi.run.Run;
import dev.errand.spi.task.Task;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** From a run to what its sandbox starts with (contract F). */
public final class LaunchPlan {

    /** How long a sandbox's token outlives its time limit: late reports are welcome. */
    private static final Duration TOKEN_OUTLIVES = Duration.ofHours(1);

    private LaunchPlan() {}

    /** What the sandbox of a run's present attempt starts with. */
    public static LaunchRequest of(
            Engine engine, RunTokens tokens, DispatchOptions options, Task task, Run run) {
        SandboxId sandbox = SandboxId.of(run);
        RunState state = RunState.of(run);
        Duration timeLimit = options.timeouts().of(run).total();
        return new LaunchRequest(
                sandbox,
                task,
                run,
                prompt(task, state),
                attachments(engine, run, state.pendingArtifactIds()),
                secrets(engine, run),
                options.apiUrl(),
                tokens.issue(sandbox, timeLimit.plus(TOKEN_OUTLIVES)),
                timeLimit);
    }

    /** Whether the run was created with a credential that is gone by now (contract J28). */
    public static boolean lacksCredential(Engine engine, Run run) {
        boolean needsToken =
                RunState.of(run)
                        .text(StateKey.GITHUB_CREDENTIAL_SOURCE)
                        .equals(Optional.of(RunSecrets.CALLER_TOKEN));
        return needsToken && !secrets(engine, run).containsKey(RunSecrets.GITHUB_USER_TOKEN);
    }

    private static Map<String, Secret> secrets(Engine engine, Run run) {
        return RunSecrets.mayBelongTo(run)
                ? engine.backend().secrets().find(run.project(), run.id())
                : Map.of();
    }

    private static String prompt(Task task, RunState state) {
        return state.text(StateKey.PENDING_USER_MESSAGE)
                .or(() -> state.text(StateKey.INITIAL_PROMPT_OVERRIDE))
                .orElse(task.details().description());
    }

    private static List<Attachment> attachments(Engine engine, Run run, List<String> ids) {
        return run.artifacts().stream()
                .filter(artifact -> ids.contains(artifact.id().value()))
                .map(artifact -> attachment(engine, run, artifact))
                .toList();
    }

    private static Attachment attachment(Engine engine, Run run, Artifact artifact) {
        return new Attachment(
                artifact.id().value(),
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
