package dev.errand.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.WireValue;
import dev.errand.spi.artifact.ArtifactType;
import dev.errand.spi.run.ReasoningEffort;
import dev.errand.spi.run.RunSource;
import dev.errand.spi.task.OriginProduct;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The vocabularies of the profiles (docs/wire/enums.md#b5, #b8, #b10, #b11, #b12). */
class ApiProfileTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    2026-05 | manual signal_report       | low medium high xhigh max                             | plan context reference output artifact tree_snapshot user_attachment
                    2026-09 | manual signal_report agent | off minimal low medium high xhigh max ultracode | plan context reference output artifact tree_snapshot user_attachment skill_bundle
                    """)
    void vocabulariesOfRuns(String name, String sources, String efforts, String artifactTypes) {
        ApiProfile profile = ApiProfile.fromWire(name).orElseThrow();
        assertThat(known(profile, RunSource.values())).isEqualTo(sources);
        assertThat(known(profile, ReasoningEffort.values())).isEqualTo(efforts);
        assertThat(known(profile, ArtifactType.values())).isEqualTo(artifactTypes);
    }

    @Test
    void originsOfTasks() {
        assertThat(known(ApiProfile.V2026_05, OriginProduct.values()))
                .isEqualTo(
                        "error_tracking eval_clusters user_created automation slack support_queue"
                                + " session_summaries signal_report");
        assertThat(known(ApiProfile.V2026_09, OriginProduct.values()))
                .isEqualTo(
                        "onboarding error_tracking eval_clusters user_created automation slack"
                                + " support_queue session_summaries posthog_ai experiments"
                                + " signal_report signals_scout scout_suggestions support_reply"
                                + " hogdesk review_hog image_builder loop mcp_analytics"
                                + " signals_chat task_analysis workflow");
    }

    @Test
    void someOriginsAreReserved() {
        Set<String> reserved =
                Arrays.stream(OriginProduct.values())
                        .filter(ApiProfile.V2026_09::reserves)
                        .map(WireValue::wire)
                        .collect(Collectors.toSet());
        assertThat(reserved)
                .containsExactlyInAnyOrder(
                        "image_builder",
                        "experiments",
                        "signals_scout",
                        "support_reply",
                        "onboarding",
                        "signals_chat",
                        "workflow",
                        "task_analysis");
    }

    private static String known(ApiProfile profile, WireValue[] values) {
        return Arrays.stream(values)
                .filter(profile::knows)
                .map(WireValue::wire)
                .collect(Collectors.joining(" "));
    }
}
