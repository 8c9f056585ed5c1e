package dev.errand.examples.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** How an entry of the log is shown. */
final class LogLine {

    private static final int MAX_LENGTH = 2_000;
    private static final Pattern CHECKOUT =
            Pattern.compile("[^\\s'\"]*/attempt_[0-9]+/agent/workspace/");

    private LogLine() {}

    /** Returns the text of an entry, or empty if people need not see it. */
    static Optional<String> of(JsonNode entry) {
        JsonNode notification = entry.path("notification");
        JsonNode params = notification.path("params");
        return switch (notification.path("method").asText()) {
            case "session/update" -> update(params.path("update"));
            case "_posthog/console" -> console(params);
            case "_posthog/sdk_session" ->
                    Optional.of("  | session " + params.path("sessionId").asText());
            default -> Optional.of("  | " + shortened(entry.toString()));
        };
    }

    private static Optional<String> console(JsonNode params) {
        String mark =
                switch (params.path("level").asText()) {
                    case "error", "warn" -> "!";
                    default -> "|";
                };
        return params.path("level").asText().equals("debug")
                ? Optional.empty()
                : Optional.of("  " + mark + " " + shortened(params.path("message").asText()));
    }

    private static Optional<String> update(JsonNode update) {
        return switch (update.path("sessionUpdate").asText()) {
            case "agent_message" -> Optional.of("  > " + text(update));
            case "agent_thought_chunk" -> Optional.of("  ~ " + text(update));
            case "tool_call" -> Optional.of("  $ " + shortened(update.path("title").asText()));
            case "tool_call_update" ->
                    update.path("status").asText().equals("failed")
                            ? Optional.of("  ! failed: " + shortened(firstText(update)))
                            : Optional.empty();
            case "plan" -> Optional.of("  * " + plan(update.path("entries")));
            case "usage_update" -> Optional.of("  = " + usage(update));
            default -> Optional.empty();
        };
    }

    private static String text(JsonNode update) {
        return shortened(update.path("content").path("text").asText());
    }

    private static String firstText(JsonNode update) {
        return update.path("content").path(0).path("content").path("text").asText();
    }

    private static String plan(JsonNode entries) {
        List<String> steps = new ArrayList<>();
        for (JsonNode step : entries) {
            String mark =
                    switch (step.path("status").asText()) {
                        case "completed" -> "[x] ";
                        case "in_progress" -> "[>] ";
                        default -> "[ ] ";
                    };
            steps.add(mark + step.path("content").asText());
        }
        return shortened(String.join("  ", steps));
    }

    private static String usage(JsonNode update) {
        String tokens = update.path("used").asLong() + " tokens";
        JsonNode amount = update.path("cost").path("amount");
        if (!amount.isNumber()) {
            return tokens;
        }
        BigDecimal cost = amount.decimalValue().setScale(4, RoundingMode.HALF_UP);
        return tokens + ", " + cost.toPlainString() + " US dollars";
    }

    /** Cuts long texts, and the path of the checkout, which is long and the same everywhere. */
    private static String shortened(String text) {
        String indented = CHECKOUT.matcher(text.strip()).replaceAll("").replace("\n", "\n    ");
        return indented.length() <= MAX_LENGTH
                ? indented
                : indented.substring(0, MAX_LENGTH) + "...";
    }
}
