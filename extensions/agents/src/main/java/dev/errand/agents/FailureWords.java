package dev.errand.agents;

import dev.errand.agents.AgentFailure.Kind;
import java.util.List;
import java.util.Locale;

/**
 * Finds the kind of a failure in the words of a program or a provider. The first row that applies
 * wins.
 */
final class FailureWords {

    private record Row(Kind kind, List<String> words) {}

    private static final List<Row> ROWS =
            List.of(
                    new Row(
                            Kind.NOT_AUTHENTICATED,
                            List.of(
                                    "401 unauthorized",
                                    "403 forbidden",
                                    "incorrect api key",
                                    "invalid api key",
                                    "invalid_api_key",
                                    "not logged in",
                                    "missing environment variable",
                                    "authentication_error",
                                    "access token could not be refreshed",
                                    "log out and sign in")),
                    new Row(
                            Kind.BUDGET_EXHAUSTED,
                            List.of(
                                    "quota exceeded",
                                    "insufficient_quota",
                                    "exceeded your current quota",
                                    "credit balance is too low",
                                    "maximum budget")),
                    new Row(
                            Kind.PROVIDER_LIMIT,
                            List.of(
                                    "usage limit",
                                    "rate limit",
                                    "rate_limit",
                                    "429 too many requests",
                                    "overloaded",
                                    "503 service unavailable",
                                    "at capacity")),
                    new Row(
                            Kind.REFUSED,
                            List.of(
                                    "usage policy",
                                    "usage policies",
                                    "flagged as potentially violating",
                                    "content policy",
                                    "cyber_policy",
                                    "safety classifier")),
                    new Row(
                            Kind.UNKNOWN_MODEL,
                            List.of(
                                    "model_not_found",
                                    "issue with the selected model",
                                    "model is not supported",
                                    "` does not exist",
                                    "' does not exist")));

    private FailureWords() {}

    /** Returns the kind, {@link Kind#FAILED} if no row applies. */
    static Kind kindOf(String message) {
        String lower = message.toLowerCase(Locale.ROOT);
        return ROWS.stream()
                .filter(row -> row.words().stream().anyMatch(lower::contains))
                .map(Row::kind)
                .findFirst()
                .orElse(Kind.FAILED);
    }
}
