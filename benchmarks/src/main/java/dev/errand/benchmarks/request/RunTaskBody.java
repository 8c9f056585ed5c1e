package dev.errand.benchmarks.request;

import dev.errand.spi.run.ExecutionMode;
import dev.errand.spi.run.PermissionMode;
import dev.errand.spi.run.PrAuthorshipMode;
import dev.errand.spi.run.ReasoningEffort;
import dev.errand.spi.run.RunSource;
import dev.errand.spi.run.RuntimeAdapter;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * The body of {@code POST run/} for the baselines, bound by Jackson; absent members are null. The
 * annotations and {@link #problems} are used as in {@link CreateTaskBody}.
 */
public record RunTaskBody(
        ExecutionMode mode,
        @Size(min = 1, max = 255) @Pattern(regexp = HandChecks.NO_NUL) String branch,
        UUID resumeFromRunId,
        @Pattern(regexp = HandChecks.NO_NUL) String pendingUserMessage,
        List<@Size(min = 1, max = 128) @Pattern(regexp = HandChecks.NO_NUL) String>
                pendingUserArtifactIds,
        UUID sandboxEnvironmentId,
        PrAuthorshipMode prAuthorshipMode,
        RunSource runSource,
        @Size(min = 1) @Pattern(regexp = HandChecks.NO_NUL) String signalReportId,
        RuntimeAdapter runtimeAdapter,
        @Size(min = 1) @Pattern(regexp = HandChecks.NO_NUL) String model,
        ReasoningEffort reasoningEffort,
        @Size(min = 1) @Pattern(regexp = HandChecks.NO_NUL) String githubUserToken,
        PermissionMode initialPermissionMode) {

    private static final Set<PermissionMode> CLAUDE =
            EnumSet.of(
                    PermissionMode.DEFAULT,
                    PermissionMode.ACCEPT_EDITS,
                    PermissionMode.PLAN,
                    PermissionMode.BYPASS_PERMISSIONS,
                    PermissionMode.AUTO);
    private static final Set<PermissionMode> CODEX =
            EnumSet.of(PermissionMode.AUTO, PermissionMode.READ_ONLY, PermissionMode.FULL_ACCESS);

    /** Trims texts and sets defaults. */
    public RunTaskBody {
        mode = mode == null ? ExecutionMode.BACKGROUND : mode;
        branch = HandChecks.strip(branch);
        pendingUserMessage = HandChecks.strip(pendingUserMessage);
        pendingUserArtifactIds =
                pendingUserArtifactIds == null
                        ? List.of()
                        : pendingUserArtifactIds.stream().map(String::strip).toList();
        signalReportId = HandChecks.strip(signalReportId);
        model = HandChecks.strip(model);
        githubUserToken = HandChecks.strip(githubUserToken);
    }

    /** Checks the rules by hand. Returns the problems, or null if there are none. */
    List<String> problems() {
        List<String> problems = null;
        int any = Integer.MAX_VALUE;
        problems = HandChecks.text("branch", branch, 255, false, problems);
        problems = HandChecks.text("pending_user_message", pendingUserMessage, any, true, problems);
        for (String id : pendingUserArtifactIds) {
            problems = HandChecks.text("pending_user_artifact_ids", id, 128, false, problems);
        }
        problems = HandChecks.text("signal_report_id", signalReportId, any, false, problems);
        problems = HandChecks.text("model", model, any, false, problems);
        problems = HandChecks.text("github_user_token", githubUserToken, any, false, problems);
        if (!isPermissionModeKnown()) {
            problems = HandChecks.add("initial_permission_mode", "adapter", problems);
        }
        return isSelectionComplete()
                ? problems
                : HandChecks.add("runtime_adapter", "selection", problems);
    }

    /** Returns whether the first rule between members holds. */
    @AssertTrue
    boolean isPermissionModeKnown() {
        if (initialPermissionMode == null) {
            return true;
        }
        return runtimeAdapter != null
                && (runtimeAdapter == RuntimeAdapter.CLAUDE ? CLAUDE : CODEX)
                        .contains(initialPermissionMode);
    }

    /** Returns whether the second rule between members holds. */
    @AssertTrue
    boolean isSelectionComplete() {
        boolean selects = runtimeAdapter != null || model != null || reasoningEffort != null;
        return !selects || runtimeAdapter != null && model != null;
    }
}
