package dev.errand.agents;

import dev.errand.spi.JsonText;
import java.math.BigDecimal;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an agent program achieved.
 *
 * @param output the structured output, not validated here; empty if the program reported none
 * @param finalMessage the last message to the user
 * @param usage the tokens of this run
 * @param costUsd the estimated cost of this run in US dollars, if the program knows it
 * @param sessionId the id by which the conversation can be continued
 * @param failure why it failed; empty if it succeeded, or was stopped by intent
 */
public record AgentResult(
        Optional<JsonText> output,
        Optional<String> finalMessage,
        Optional<TokenUsage> usage,
        Optional<BigDecimal> costUsd,
        Optional<String> sessionId,
        Optional<AgentFailure> failure) {

    private static final Pattern PULL_REQUEST =
            Pattern.compile(
                    "https://[A-Za-z0-9.-]+(?::[0-9]+)?/[A-Za-z0-9._/-]+"
                            + "/(?:pull|pulls|merge_requests)/[0-9]+");

    /** Rejects null components. */
    public AgentResult {
        Objects.requireNonNull(output, "output");
        Objects.requireNonNull(finalMessage, "finalMessage");
        Objects.requireNonNull(usage, "usage");
        Objects.requireNonNull(costUsd, "costUsd");
        Objects.requireNonNull(sessionId, "sessionId");
        Objects.requireNonNull(failure, "failure");
    }

    /**
     * Returns the output of the run: the structured output, or if the task wanted none, an object
     * with the final message and the pull request that it names.
     *
     * @param hasSchema whether the task has a schema of its output
     */
    public Optional<JsonText> outputOrMessage(boolean hasSchema) {
        if (output.isPresent() || hasSchema || finalMessage.isEmpty()) {
            return output;
        }
        String link =
                pullRequest()
                        .map(url -> ",\"pr_url\":" + JsonLines.quote(url.toString()))
                        .orElse("");
        return Optional.of(
                JsonText.of(
                        "{\"final_message\":" + JsonLines.quote(finalMessage.get()) + link + "}"));
    }

    /** Returns the last pull request or merge request that the final message names. */
    public Optional<URI> pullRequest() {
        Optional<URI> last = Optional.empty();
        Matcher matcher = PULL_REQUEST.matcher(finalMessage.orElse(""));
        while (matcher.find()) {
            last = Optional.of(URI.create(matcher.group()));
        }
        return last;
    }
}
