package dev.errand.profile;

import dev.errand.spi.WireValue;
import dev.errand.spi.artifact.ArtifactType;
import dev.errand.spi.run.ReasoningEffort;
import dev.errand.spi.run.RunSource;
import dev.errand.spi.task.OriginProduct;
import dev.errand.spi.task.ReportRelationship;
import java.util.Map;
import java.util.Set;

/** The values of enums that not every profile has, and those that requests cannot have. */
final class Vocabulary {

    // spotless:off
    /** The first profile that has a value. Any other value exists since {@code 2026-05}. */
    private static final Map<WireValue, ApiProfile> ADDED_IN =
            Map.ofEntries(
                    Map.entry(RunSource.AGENT,                  ApiProfile.V2026_09),
                    Map.entry(ReasoningEffort.OFF,              ApiProfile.V2026_09),
                    Map.entry(ReasoningEffort.MINIMAL,          ApiProfile.V2026_09),
                    Map.entry(ReasoningEffort.ULTRACODE,        ApiProfile.V2026_09),
                    Map.entry(ArtifactType.SKILL_BUNDLE,        ApiProfile.V2026_09),
                    Map.entry(OriginProduct.ONBOARDING,         ApiProfile.V2026_09),
                    Map.entry(OriginProduct.POSTHOG_AI,         ApiProfile.V2026_09),
                    Map.entry(OriginProduct.EXPERIMENTS,        ApiProfile.V2026_09),
                    Map.entry(OriginProduct.SIGNALS_SCOUT,      ApiProfile.V2026_09),
                    Map.entry(OriginProduct.SCOUT_SUGGESTIONS,  ApiProfile.V2026_09),
                    Map.entry(OriginProduct.SUPPORT_REPLY,      ApiProfile.V2026_09),
                    Map.entry(OriginProduct.HOGDESK,            ApiProfile.V2026_09),
                    Map.entry(OriginProduct.REVIEW_HOG,         ApiProfile.V2026_09),
                    Map.entry(OriginProduct.IMAGE_BUILDER,      ApiProfile.V2026_09),
                    Map.entry(OriginProduct.LOOP,               ApiProfile.V2026_09),
                    Map.entry(OriginProduct.MCP_ANALYTICS,      ApiProfile.V2026_09),
                    Map.entry(OriginProduct.SIGNALS_CHAT,       ApiProfile.V2026_09),
                    Map.entry(OriginProduct.TASK_ANALYSIS,      ApiProfile.V2026_09),
                    Map.entry(OriginProduct.WORKFLOW,           ApiProfile.V2026_09));

    static final Set<WireValue> RESERVED =
            Set.of(
                    OriginProduct.IMAGE_BUILDER,
                    OriginProduct.EXPERIMENTS,
                    OriginProduct.SIGNALS_SCOUT,
                    OriginProduct.SUPPORT_REPLY,
                    OriginProduct.ONBOARDING,
                    OriginProduct.SIGNALS_CHAT,
                    OriginProduct.WORKFLOW,
                    OriginProduct.TASK_ANALYSIS,
                    new ReportRelationship("research"),
                    new ReportRelationship("repo_selection"),
                    new ReportRelationship("scout"));
    // spotless:on

    private Vocabulary() {}

    static ApiProfile addedIn(WireValue value) {
        boolean isOtherRelationship =
                value instanceof ReportRelationship
                        && !value.equals(ReportRelationship.IMPLEMENTATION);
        return isOtherRelationship
                ? ApiProfile.V2026_09
                : ADDED_IN.getOrDefault(value, ApiProfile.V2026_05);
    }
}
