package dev.errand.spi.task;

import dev.errand.spi.WireValue;
import java.util.Map;
import java.util.Optional;

/** The product that created a task (docs/wire/enums.md#b10). */
public enum OriginProduct implements WireValue {
    ONBOARDING("onboarding"),
    ERROR_TRACKING("error_tracking"),
    EVAL_CLUSTERS("eval_clusters"),
    USER_CREATED("user_created"),
    AUTOMATION("automation"),
    SLACK("slack"),
    SUPPORT_QUEUE("support_queue"),
    SESSION_SUMMARIES("session_summaries"),
    POSTHOG_AI("posthog_ai"),
    EXPERIMENTS("experiments"),
    SIGNAL_REPORT("signal_report"),
    SIGNALS_SCOUT("signals_scout"),
    SCOUT_SUGGESTIONS("scout_suggestions"),
    SUPPORT_REPLY("support_reply"),
    HOGDESK("hogdesk"),
    REVIEW_HOG("review_hog"),
    IMAGE_BUILDER("image_builder"),
    LOOP("loop"),
    MCP_ANALYTICS("mcp_analytics"),
    SIGNALS_CHAT("signals_chat"),
    TASK_ANALYSIS("task_analysis"),
    WORKFLOW("workflow");

    private static final Map<String, OriginProduct> BY_WIRE = WireValue.index(values());

    private final String wire;

    OriginProduct(String wire) {
        this.wire = wire;
    }

    /** Finds the constant with the given wire value. */
    public static Optional<OriginProduct> fromWire(String wire) {
        return Optional.ofNullable(BY_WIRE.get(wire));
    }

    @Override
    public String wire() {
        return wire;
    }
}
