package dev.errand.run;

import dev.errand.internal.json.Json;
import dev.errand.internal.json.JsonObject;
import dev.errand.internal.json.Text;
import dev.errand.spi.JsonText;
import java.util.List;
import java.util.Optional;

/** The rules of the parameters of commands (docs/wire/runs.md#i11). */
final class CommandParams {

    private static final String CONTENT = "content";
    private static final String ARTIFACT_IDS = "artifact_ids";

    private CommandParams() {}

    static Optional<String> problemOfMessage(JsonObject params) {
        Optional<JsonText> content = Json.withoutNull(params.member(CONTENT));
        if (content.isPresent() && params.text(CONTENT).isEmpty()) {
            return Optional.of("content must be a string when provided");
        }
        Optional<JsonText> ids = Json.withoutNull(params.member(ARTIFACT_IDS));
        if (ids.isPresent() && !isListOfTexts(ids.get())) {
            return Optional.of("artifact_ids must be a list of non-empty strings");
        }
        boolean hasContent = params.text(CONTENT).filter(text -> !isBlank(text)).isPresent();
        boolean hasIds = ids.filter(list -> !Json.texts(list).isEmpty()).isPresent();
        return hasContent || hasIds
                ? Optional.empty()
                : Optional.of(
                        "user_message requires a non-empty content string, artifact_ids, or both");
    }

    static Optional<String> problemOfTexts(JsonObject params, String... names) {
        for (String name : names) {
            if (params.text(name).filter(text -> !isBlank(text)).isEmpty()) {
                return Optional.of(name + " is required and must be a non-empty string");
            }
        }
        return Optional.empty();
    }

    private static boolean isListOfTexts(JsonText value) {
        List<String> texts = Json.texts(value);
        return value.text().startsWith("[")
                && texts.size() == Json.items(value).size()
                && texts.stream().noneMatch(CommandParams::isBlank);
    }

    private static boolean isBlank(String text) {
        return Text.trim(text).isEmpty();
    }
}
