package dev.errand.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StateKeyTest {

    /** The column "PATCH may write" of docs/wire/runs.md#f. */
    private static final String CONTRACT =
            """
            mode                      | no
            pr_base_branch            | no
            pr_authorship_mode        | no
            github_credential_source  | no
            run_source                | no
            signal_report_id          | no
            runtime_adapter           | no
            provider                  | no
            model                     | no
            reasoning_effort          | no
            initial_permission_mode   | no
            custom_image_id           | no
            auto_publish              | no
            context_window            | no
            fast_mode                 | no
            rtk_enabled               | no
            resume_from_run_id        | no
            handoff_resumed           | no
            snapshot_external_id      | executor only
            sandbox_environment_id    | no
            sandbox_id                | executor only
            sandbox_url               | executor only
            sandbox_connect_token     | executor only
            pending_user_message      | remove only
            pending_user_artifact_ids | remove only
            pending_user_message_ts   | remove only
            initial_prompt_override   | no
            slack_thread_url          | no
            interaction_origin        | no
            slack_sent_relay_ids      | no
            provider_limit_waits      | no
            cancel_requested_at       | no
            cancel_source             | no
            cancel_requested_by_user_id | no
            cancel_reason             | no
            """;

    static List<String[]> rows() {
        return CONTRACT.lines().map(line -> line.split("\\s*\\|\\s*")).toList();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void everyRowOfTheContract(String key, String patch) {
        StateKey known = StateKey.find(key).orElseThrow();
        assertThat(known.wire()).isEqualTo(key);
        assertThat(StateKey.maySet(key)).isFalse();
        assertThat(StateKey.mayRemove(key)).isEqualTo(patch.equals("remove only"));
        assertThat(known.patchRight())
                .isEqualTo(
                        patch.equals("remove only")
                                ? StateKey.PatchRight.REMOVE_ONLY
                                : StateKey.PatchRight.NEVER);
        assertThat(known.isExecutorOnly()).isEqualTo(patch.equals("executor only"));
    }

    @Test
    void thereIsNoOtherKey() {
        assertThat(Arrays.stream(StateKey.values()).map(StateKey::wire))
                .containsExactlyElementsOf(rows().stream().map(row -> row[0]).toList());
    }

    @ParameterizedTest
    @EnumSource
    void onlyTheConnectTokenIsHidden(StateKey key) {
        assertThat(key.isHidden()).isEqualTo(key == StateKey.SANDBOX_CONNECT_TOKEN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "token_usage",
                "pending_user_message_id",
                "same_run_resume",
                "Mode",
                "mode ",
                "",
                "anything else"
            })
    void anyOtherKeyBelongsToTheCaller(String key) {
        assertThat(StateKey.find(key)).isEmpty();
        assertThat(StateKey.maySet(key)).isTrue();
        assertThat(StateKey.mayRemove(key)).isTrue();
    }
}
