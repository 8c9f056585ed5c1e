package dev.errand.testing.engine;

/**
 * Bodies of {@code run/} and {@code runs/} that break a rule which needs no stored data (contract
 * C3, D6, D10, E1 to E3), as rows of body, code, attr and detail.
 */
final class RunFaults {

    /** What both operations refuse. */
    static final String OF_BOTH =
            """
            {"mode": null}                      | null           | mode                    | This field may not be null.
            {"mode": "idle"}                    | invalid_choice | mode                    | "idle" is not a valid choice.
            {"branch": ""}                      | blank          | branch                  | This field may not be blank.
            {"branch": " \\t"}                  | blank          | branch                  | This field may not be blank.
            {"branch": ["main"]}                | invalid_input  | branch                  | Not a valid string.
            {"sandbox_environment_id": null}    | null           | sandbox_environment_id  | This field may not be null.
            {"sandbox_environment_id": "x"}     | invalid_input  | sandbox_environment_id  | Must be a valid UUID.
            {"pr_authorship_mode": null}        | null           | pr_authorship_mode      | This field may not be null.
            {"pr_authorship_mode": "team"}      | invalid_choice | pr_authorship_mode      | "team" is not a valid choice.
            {"run_source": null}                | null           | run_source              | This field may not be null.
            {"run_source": "agent"}             | invalid_choice | run_source              | "agent" is not a valid choice.
            {"signal_report_id": null}          | null           | signal_report_id        | This field may not be null.
            {"signal_report_id": ""}            | blank          | signal_report_id        | This field may not be blank.
            {"runtime_adapter": null}           | null           | runtime_adapter         | This field may not be null.
            {"runtime_adapter": "Claude"}       | invalid_choice | runtime_adapter         | "Claude" is not a valid choice.
            {"model": null}                     | null           | model                   | This field may not be null.
            {"model": " "}                      | blank          | model                   | This field may not be blank.
            {"reasoning_effort": null}          | null           | reasoning_effort        | This field may not be null.
            {"reasoning_effort": "most"}        | invalid_choice | reasoning_effort        | "most" is not a valid choice.
            {"github_user_token": null}         | null           | github_user_token       | This field may not be null.
            {"github_user_token": ""}           | blank          | github_user_token       | This field may not be blank.
            {"initial_permission_mode": null}   | null           | initial_permission_mode | This field may not be null.
            {"initial_permission_mode": "none"} | invalid_choice | initial_permission_mode | "none" is not a valid choice.
            {"initial_permission_mode": "plan"} | invalid_input  | initial_permission_mode | This field requires runtime_adapter to be set.
            {"initial_permission_mode": "plan", "runtime_adapter": "codex", "model": "gpt-5.4"} | invalid_input | initial_permission_mode | Invalid choice 'plan' for runtime_adapter 'codex'. Supported values: 'auto', 'read-only', 'full-access'.
            {"initial_permission_mode": "read-only", "runtime_adapter": "claude", "model": "m"} | invalid_input | initial_permission_mode | Invalid choice 'read-only' for runtime_adapter 'claude'. Supported values: 'default', 'acceptEdits', 'plan', 'bypassPermissions', 'auto'.
            {"model": "gpt-5.4"}                | invalid_input  | runtime_adapter         | This field is required when selecting a cloud runtime.
            {"runtime_adapter": "codex"}        | invalid_input  | model                   | This field is required when selecting a cloud runtime.
            {"reasoning_effort": "high"}        | invalid_input  | runtime_adapter         | This field is required when selecting a cloud runtime.
            {"runtime_adapter": "codex", "model": "gpt-5.4", "reasoning_effort": "max"}               | invalid_input | reasoning_effort | Reasoning effort 'max' is not supported for runtime_adapter 'codex' and model 'gpt-5.4'. Supported values: low, medium, high.
            {"runtime_adapter": "claude", "model": "claude-sonnet-4-6", "reasoning_effort": "xhigh"}  | invalid_input | reasoning_effort | Reasoning effort 'xhigh' is not supported for runtime_adapter 'claude' and model 'claude-sonnet-4-6'. Supported values: low, medium, high.
            {"runtime_adapter": "claude", "model": "claude-haiku-4-5", "reasoning_effort": "low"}     | invalid_input | reasoning_effort | Reasoning effort 'low' is not supported for runtime_adapter 'claude' and model 'claude-haiku-4-5'. Supported values: none.
            {"reasoning_effort": "most", "branch": "", "model": null} | blank         | branch           | This field may not be blank.
            7                                   | invalid_input  |                         | Invalid data. Expected a dictionary, but got int.
            """;

    /** What only {@code run/} refuses, since the others are no members of {@code runs/}. */
    static final String OF_RUN_TASK =
            """
            {"resume_from_run_id": null}           | null          | resume_from_run_id        | This field may not be null.
            {"resume_from_run_id": "x"}            | invalid_input | resume_from_run_id        | Must be a valid UUID.
            {"pending_user_message": null}         | null          | pending_user_message      | This field may not be null.
            {"pending_user_message": {}}           | invalid_input | pending_user_message      | Not a valid string.
            {"pending_user_artifact_ids": null}    | null          | pending_user_artifact_ids | This field may not be null.
            {"pending_user_artifact_ids": "a"}     | not_a_list    | pending_user_artifact_ids | Expected a list of items but got type "str".
            {"pending_user_artifact_ids": ["a", ""]}   | blank         | pending_user_artifact_ids__1 | This field may not be blank.
            {"pending_user_artifact_ids": ["a", null]} | null          | pending_user_artifact_ids__1 | This field may not be null.
            {"pending_user_artifact_ids": ["a", []]}   | invalid_input | pending_user_artifact_ids__1 | Not a valid string.
            """;

    /** What only {@code runs/} refuses. */
    static final String OF_CREATE_RUN =
            """
            {"environment": null}   | null           | environment | This field may not be null.
            {"environment": "moon"} | invalid_choice | environment | "moon" is not a valid choice.
            """;

    private RunFaults() {}
}
