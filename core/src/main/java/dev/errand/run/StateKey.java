package dev.errand.run;

import static dev.errand.run.StateKey.PatchRight.NEVER;
import static dev.errand.run.StateKey.PatchRight.REMOVE_ONLY;

import dev.errand.internal.json.JsonObject;
import dev.errand.spi.run.Run;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The keys of a run's state that have a meaning to the server (docs/wire/runs.md#f). Any other key
 * is data of the caller, who can set and remove it with an update.
 */
public enum StateKey {
    // spotless:off
    //                       key                           PATCH        executor  hidden
    //                                                                  only
    MODE                    ("mode",                       NEVER,       false,    false),
    PR_BASE_BRANCH          ("pr_base_branch",             NEVER,       false,    false),
    PR_AUTHORSHIP_MODE      ("pr_authorship_mode",         NEVER,       false,    false),
    GITHUB_CREDENTIAL_SOURCE("github_credential_source",   NEVER,       false,    false),
    RUN_SOURCE              ("run_source",                 NEVER,       false,    false),
    SIGNAL_REPORT_ID        ("signal_report_id",           NEVER,       false,    false),
    RUNTIME_ADAPTER         ("runtime_adapter",            NEVER,       false,    false),
    PROVIDER                ("provider",                   NEVER,       false,    false),
    MODEL                   ("model",                      NEVER,       false,    false),
    REASONING_EFFORT        ("reasoning_effort",           NEVER,       false,    false),
    INITIAL_PERMISSION_MODE ("initial_permission_mode",    NEVER,       false,    false),
    CUSTOM_IMAGE_ID         ("custom_image_id",            NEVER,       false,    false),
    AUTO_PUBLISH            ("auto_publish",               NEVER,       false,    false),
    CONTEXT_WINDOW          ("context_window",             NEVER,       false,    false),
    FAST_MODE               ("fast_mode",                  NEVER,       false,    false),
    RTK_ENABLED             ("rtk_enabled",                NEVER,       false,    false),
    RESUME_FROM_RUN_ID      ("resume_from_run_id",         NEVER,       false,    false),
    HANDOFF_RESUMED         ("handoff_resumed",            NEVER,       false,    false),
    SNAPSHOT_EXTERNAL_ID    ("snapshot_external_id",       NEVER,       true,     false),
    SANDBOX_ENVIRONMENT_ID  ("sandbox_environment_id",     NEVER,       false,    false),
    SANDBOX_ID              ("sandbox_id",                 NEVER,       true,     false),
    SANDBOX_URL             ("sandbox_url",                NEVER,       true,     false),
    SANDBOX_CONNECT_TOKEN   ("sandbox_connect_token",      NEVER,       true,     true),
    PENDING_USER_MESSAGE    ("pending_user_message",       REMOVE_ONLY, false,    false),
    PENDING_ARTIFACT_IDS    ("pending_user_artifact_ids",  REMOVE_ONLY, false,    false),
    PENDING_MESSAGE_TS      ("pending_user_message_ts",    REMOVE_ONLY, false,    false),
    INITIAL_PROMPT_OVERRIDE ("initial_prompt_override",    NEVER,       false,    false),
    SLACK_THREAD_URL        ("slack_thread_url",           NEVER,       false,    false),
    INTERACTION_ORIGIN      ("interaction_origin",         NEVER,       false,    false),
    SLACK_SENT_RELAY_IDS    ("slack_sent_relay_ids",       NEVER,       false,    false),
    PROVIDER_LIMIT_WAITS    ("provider_limit_waits",       NEVER,       false,    false),
    CANCEL_REQUESTED_AT     ("cancel_requested_at",        NEVER,       false,    false),
    CANCEL_SOURCE           ("cancel_source",              NEVER,       false,    false),
    CANCEL_REQUESTED_BY     ("cancel_requested_by_user_id", NEVER,      false,    false),
    CANCEL_REASON           ("cancel_reason",              NEVER,       false,    false);
    // spotless:on

    private static final Map<String, StateKey> BY_WIRE =
            Arrays.stream(values())
                    .collect(Collectors.toUnmodifiableMap(StateKey::wire, Function.identity()));

    private final String wire;
    private final PatchRight patchRight;
    private final boolean executorOnly;
    private final boolean hidden;

    StateKey(String wire, PatchRight patchRight, boolean executorOnly, boolean hidden) {
        this.wire = wire;
        this.patchRight = patchRight;
        this.executorOnly = executorOnly;
        this.hidden = hidden;
    }

    /** What an update may do with a known key. Anything else is ignored (docs/wire/runs.md#f). */
    public enum PatchRight {
        /** An update can neither set nor remove the key. */
        NEVER,
        /** An update can remove the key, as agents do after they received its value. */
        REMOVE_ONLY
    }

    /** Returns the key with exactly this name, or empty if the name is not a known key. */
    public static Optional<StateKey> find(String key) {
        return Optional.ofNullable(BY_WIRE.get(key));
    }

    /** Returns whether an update may set the key. It may set no known key (docs/wire/runs.md#f). */
    public static boolean maySet(String key) {
        return find(key).isEmpty();
    }

    /** Returns whether an update may remove the key (docs/wire/runs.md#f). */
    public static boolean mayRemove(String key) {
        return find(key).map(known -> known.patchRight == REMOVE_ONLY).orElse(true);
    }

    /** Returns the value of this key in the state of a run, or empty if it is not a string. */
    public Optional<String> textOf(Run run) {
        return JsonObject.tryParse(run.state()).flatMap(state -> state.text(wire));
    }

    /** Returns the name of the key in the state document. */
    public String wire() {
        return wire;
    }

    /** Returns what an update may do with the key. */
    public PatchRight patchRight() {
        return patchRight;
    }

    /** Returns whether only the executor of the run can set the key. */
    public boolean isExecutorOnly() {
        return executorOnly;
    }

    /** Returns whether responses omit the key, because its value gives control of the sandbox. */
    public boolean isHidden() {
        return hidden;
    }
}
