package dev.errand.internal.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.Violation;
import dev.errand.internal.json.JsonObject;
import dev.errand.run.RunSamples;
import dev.errand.run.RuntimeSelection;
import dev.errand.run.StateKey;
import dev.errand.spi.JsonText;
import dev.errand.spi.run.ExecutionMode;
import dev.errand.spi.run.PrAuthorshipMode;
import dev.errand.spi.run.Provider;
import dev.errand.spi.run.ReasoningEffort;
import dev.errand.spi.run.RuntimeAdapter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The state document of docs/wire/runs.md#f. */
class RunStateTest {

    /** Every known key and some keys of the caller, and whether a PATCH may set or remove them. */
    static Stream<Object[]> keys() {
        Stream<Object[]> known =
                Arrays.stream(StateKey.values())
                        .map(
                                key ->
                                        new Object[] {
                                            key.wire(),
                                            false,
                                            key.patchRight() == StateKey.PatchRight.REMOVE_ONLY
                                        });
        Stream<Object[]> own =
                Stream.of("token_usage", "Mode", "mode ", "", "sandbox_url.x", "\ud83d\ude00")
                        .map(key -> new Object[] {key, true, true});
        return Stream.concat(known, own);
    }

    @ParameterizedTest
    @MethodSource("keys")
    void anUpdateSetsOnlyKeysOfTheCaller(String key, boolean maySet, boolean mayRemove) {
        JsonText patch = object(key, "\"patched\"");
        RunState there =
                state(object(key, "\"stored\""))
                        .patched(List.of(), Optional.of(patch), Optional.empty());
        RunState absent =
                state(JsonText.EMPTY_OBJECT)
                        .patched(List.of(), Optional.of(patch), Optional.empty());
        assertThat(there.toJson()).isEqualTo(object(key, maySet ? "\"patched\"" : "\"stored\""));
        assertThat(absent.toJson()).isEqualTo(maySet ? patch : JsonText.EMPTY_OBJECT);
    }

    @ParameterizedTest
    @MethodSource("keys")
    void anUpdateRemovesOnlyRemovableKeys(String key, boolean maySet, boolean mayRemove) {
        JsonText stored = object(key, "\"stored\"");
        RunState patched =
                state(stored).patched(List.of(key, "another"), Optional.empty(), Optional.empty());
        assertThat(patched.toJson()).isEqualTo(mayRemove ? JsonText.EMPTY_OBJECT : stored);
    }

    @ParameterizedTest
    @MethodSource("keys")
    void anUpdateRemovesBeforeItSets(String key, boolean maySet, boolean mayRemove) {
        RunState patched =
                state(object(key, "1"))
                        .patched(List.of(key), Optional.of(object(key, "2")), Optional.empty());
        String expected = maySet ? "2" : mayRemove ? null : "1";
        assertThat(JsonObject.parse(patched.toJson()).member(key))
                .isEqualTo(Optional.ofNullable(expected).map(JsonText::of));
    }

    @Test
    void mergingIsShallowAndKeepsOtherKeys() {
        RunState patched =
                state("{\"mode\":\"interactive\",\"token_usage\":{\"turns\":1},\"note\":\"n\"}")
                        .patched(
                                List.of("note"),
                                Optional.of(
                                        JsonText.of(
                                                "{\"mode\":\"background\",\"token_usage\":{\"total\":1.10},\"new\":null}")),
                                Optional.empty());
        assertThat(patched.toJson().text())
                .isEqualTo(
                        "{\"mode\":\"interactive\",\"token_usage\":{\"total\":1.10},\"new\":null}");
    }

    @Test
    void pendingValuesReplaceEarlierOnes() {
        RunState state =
                state("{\"mode\":\"background\",\"pending_user_message\":\"old\"}")
                        .pending(Optional.of("say \"hi\""), List.of("a", "b"));
        assertThat(state.text(StateKey.PENDING_USER_MESSAGE)).hasValue("say \"hi\"");
        assertThat(state.pendingArtifactIds()).containsExactly("a", "b");
        assertThat(state.mode()).isEqualTo(ExecutionMode.BACKGROUND);
    }

    @Test
    void absentPendingValuesKeepTheirValue() {
        String stored = "{\"pending_user_message\":\"old\",\"pending_user_artifact_ids\":[\"a\"]}";
        assertThat(state(stored).pending(Optional.empty(), List.of()).toJson().text())
                .isEqualTo(stored);
    }

    /** docs/wire/starting-runs.md#i9 */
    @Test
    void aRestartRemovesWhatBelongsToTheEarlierAttempt() {
        RunState state =
                state(
                        """
                        {"mode":"background","pr_authorship_mode":"user","token_usage":{"turns":3},
                         "github_credential_source":"caller_token","snapshot_external_id":"s",
                         "sandbox_id":"1","sandbox_url":"u","sandbox_connect_token":"t",
                         "pending_user_message":"m","pending_user_artifact_ids":["a"],
                         "pending_user_message_ts":"1","cancel_requested_at":"t",
                         "cancel_source":"api","cancel_requested_by_user_id":7,"cancel_reason":"r"}
                        """);

        assertThat(
                        state.restarted(
                                        Optional.of(PrAuthorshipMode.BOT),
                                        Optional.of("server_integration"))
                                .toJson()
                                .text())
                .isEqualTo(
                        "{\"mode\":\"interactive\",\"pr_authorship_mode\":\"bot\","
                                + "\"token_usage\":{\"turns\":3},\"snapshot_external_id\":\"s\","
                                + "\"handoff_resumed\":true,"
                                + "\"github_credential_source\":\"server_integration\"}");
    }

    @Test
    void everyMemberIsRead() {
        RunState state =
                state(
                        """
                        {"mode":"interactive","pr_authorship_mode":"user","runtime_adapter":"codex",
                         "provider":"openai","model":"gpt-5.4","reasoning_effort":"high",
                         "sandbox_environment_id":"2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b10",
                         "pending_user_artifact_ids":["a","b"],"pr_base_branch":"main"}
                        """);
        assertThat(state.mode()).isEqualTo(ExecutionMode.INTERACTIVE);
        assertThat(state.authorship()).hasValue(PrAuthorshipMode.USER);
        assertThat(state.provider()).hasValue(Provider.OPENAI);
        assertThat(state.selection())
                .isEqualTo(
                        new RuntimeSelection(
                                Optional.of(RuntimeAdapter.CODEX),
                                Optional.of("gpt-5.4"),
                                Optional.of(ReasoningEffort.HIGH)));
        assertThat(state.sandboxEnvironment())
                .hasValue(UUID.fromString("2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b10"));
        assertThat(state.pendingArtifactIds()).containsExactly("a", "b");
        assertThat(state.text(StateKey.PR_BASE_BRANCH)).hasValue("main");
    }

    /** Reading survives any stored content (docs/wire/runs.md#f, docs/wire/guarantees.md#j11). */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "5",
                "1e400",
                "true",
                "null",
                "[]",
                "{}",
                "\"\"",
                "\"no such value\"",
                "[[\"a\"]]",
                "\"\\ud800\""
            })
    void aKnownKeyWithAnUnexpectedValueIsTreatedAsAbsent(String value) {
        StringBuilder document = new StringBuilder("{\"own\":1");
        for (StateKey key : StateKey.values()) {
            document.append(",\"").append(key.wire()).append("\":").append(value);
        }
        RunState state = state(document.append('}').toString());
        assertThat(state.mode()).isEqualTo(ExecutionMode.BACKGROUND);
        assertThat(state.authorship()).isEmpty();
        assertThat(state.provider()).isEmpty();
        assertThat(state.selection().adapter()).isEmpty();
        assertThat(state.selection().effort()).isEmpty();
        assertThat(state.sandboxEnvironment()).isEmpty();
        assertThat(state.pendingArtifactIds()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{", "{\"mode\"", "{\"mode\":}", "{'mode':1}", "{\"mode\":\"interactive\""})
    void anInvalidDocumentIsTreatedAsEmpty(String stored) {
        RunState state = state(stored);
        assertThat(state.mode()).isEqualTo(ExecutionMode.BACKGROUND);
        assertThat(state.selection()).isEqualTo(RuntimeSelection.NONE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"pending_user_artifact_ids\":[\"a\",5,null,[\"b\"],\"c\"]}; a c",
                "{\"pending_user_artifact_ids\":\"a\"}; ''",
                "{}; ''"
            })
    void onlyTheStringsOfAListAreRead(String stored, String ids) {
        assertThat(state(stored).pendingArtifactIds())
                .isEqualTo(ids.isEmpty() ? List.of() : List.of(ids.split(" ")));
    }

    @Test
    void aNewStateKeepsTheOrderOfItsKeysAndOmitsEmptyOnes() {
        JsonText written =
                RunState.builder()
                        .putWire(StateKey.MODE, Optional.of(ExecutionMode.INTERACTIVE))
                        .put(StateKey.PENDING_USER_MESSAGE, Optional.of("line\n\"two\""))
                        .putAll(StateKey.PENDING_ARTIFACT_IDS, List.of("a", "b"))
                        .put(StateKey.PR_BASE_BRANCH, Optional.empty())
                        .putAll(StateKey.SLACK_SENT_RELAY_IDS, List.of())
                        .putWire(StateKey.PROVIDER, Optional.<Provider>empty())
                        .put(StateKey.MODEL, "m")
                        .toJson();
        assertThat(written.text())
                .isEqualTo(
                        "{\"mode\":\"interactive\",\"pending_user_message\":\"line\\n\\\"two\\\"\","
                                + "\"pending_user_artifact_ids\":[\"a\",\"b\"],\"model\":\"m\"}");
    }

    private static RunState state(JsonText stored) {
        return state(stored.text());
    }

    private static RunState state(String stored) {
        return RunState.of(RunSamples.withState(stored.strip()));
    }

    private static JsonText object(String key, String value) {
        return JsonText.of("{\"" + key + "\":" + value + "}");
    }

    @Test
    void theShownKeysAreReadWithoutTheOthers() {
        RunState.RuntimeView shown =
                RunState.runtimeViewOf(
                        JsonText.of(
                                "{\"x\":{\"model\":\"no\"},\"runtime_adapter\":\"claude\","
                                        + "\"model\":\"opus\",\"provider\":\"unheard of\"}"));

        assertThat(shown.adapter()).hasValue(RuntimeAdapter.CLAUDE);
        assertThat(shown.model()).hasValue("opus");
        assertThat(shown.provider()).isEmpty();
        assertThat(shown.effort()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"k": [1, "a"]}      | {"k": {"b": 2}}  | {"k":[1,"a",{"b": 2}]}
                    {"k": []}            | {"k": 1}         | {"k":[1]}
                    {"k": null}          | {"k": 1}         | {"k":[1]}
                    {}                   | {"k": [1]}       | {"k":[[1]]}
                    {"k": "old"}         | {"k": "new"}     | {"k":["old","new"]}
                    {"mode": "a"}        | {"mode": "b"}    | {"mode":"a"}
                    """)
    void anItemIsAppendedToAList(String stored, String appended, String expected) {
        RunState state =
                state(JsonText.of(stored))
                        .patched(List.of(), Optional.empty(), Optional.of(JsonText.of(appended)));

        assertThat(state.toJson().text().replace(" ", "")).isEqualTo(expected.replace(" ", ""));
    }

    @Test
    void itemsAreAppendedAfterRemovalsAndMerges() {
        RunState state =
                state(JsonText.of("{\"k\": [1], \"l\": [1]}"))
                        .patched(
                                List.of("k"),
                                Optional.of(JsonText.of("{\"l\": [2]}")),
                                Optional.of(JsonText.of("{\"k\": 3, \"l\": 4}")));

        assertThat(state.toJson().text().replace(" ", "")).isEqualTo("{\"l\":[2,4],\"k\":[3]}");
    }

    @Test
    void aListMayNotBecomeLongerThanItsLimit() {
        String items = "0,".repeat(9_999);
        RunState full = state(JsonText.of("{\"k\": [" + items + "0]}"));
        Optional<JsonText> item = Optional.of(JsonText.of("{\"k\": 1}"));

        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> full.patched(List.of(), Optional.empty(), item))
                .satisfies(
                        refused ->
                                assertThat(refused.violations())
                                        .containsExactly(
                                                Violation.of(
                                                        ErrorCode.MAX_LENGTH,
                                                        "state_append",
                                                        "Ensure this field has no more than 10000"
                                                                + " elements.")));
    }
}
