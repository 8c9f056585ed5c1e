package dev.errand.internal.rules;

import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.Violation;
import dev.errand.internal.json.Json;
import dev.errand.internal.json.JsonObject;
import dev.errand.internal.json.WireTime;
import dev.errand.run.AgentSettings;
import dev.errand.run.RuntimeSelection;
import dev.errand.run.StateKey;
import dev.errand.spi.JsonText;
import dev.errand.spi.UserId;
import dev.errand.spi.WireValue;
import dev.errand.spi.internal.UuidText;
import dev.errand.spi.run.ContextWindow;
import dev.errand.spi.run.ExecutionMode;
import dev.errand.spi.run.PrAuthorshipMode;
import dev.errand.spi.run.Provider;
import dev.errand.spi.run.ReasoningEffort;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RuntimeAdapter;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The state document of a run (docs/wire/runs.md#f). Immutable.
 *
 * <p>Reading never fails: a known key with an unexpected value is treated as absent
 * (docs/wire/guarantees.md#j11).
 */
public final class RunState {

    private static final String STOPPED_BY_USER = "Stopped by user";

    /** How many items a list of the state may have after an append. */
    private static final int MAX_APPENDED_ITEMS = 10_000;

    /** The keys that a restart removes (docs/wire/starting-runs.md#i9). */
    private static final Set<String> OF_ONE_ATTEMPT =
            Stream.of(
                            StateKey.PENDING_USER_MESSAGE,
                            StateKey.PENDING_ARTIFACT_IDS,
                            StateKey.PENDING_MESSAGE_TS,
                            StateKey.GITHUB_CREDENTIAL_SOURCE,
                            StateKey.SANDBOX_ID,
                            StateKey.SANDBOX_URL,
                            StateKey.SANDBOX_CONNECT_TOKEN,
                            StateKey.CANCEL_REQUESTED_AT,
                            StateKey.CANCEL_SOURCE,
                            StateKey.CANCEL_REQUESTED_BY,
                            StateKey.CANCEL_REASON)
                    .map(StateKey::wire)
                    .collect(Collectors.toUnmodifiableSet());

    private static final List<String> VIEW_KEYS =
            List.of(
                    StateKey.RUNTIME_ADAPTER.wire(),
                    StateKey.PROVIDER.wire(),
                    StateKey.MODEL.wire(),
                    StateKey.REASONING_EFFORT.wire());

    private final JsonObject members;

    private RunState(JsonObject members) {
        this.members = members;
    }

    /** Returns the state of a run. */
    public static RunState of(Run run) {
        return new RunState(JsonObject.tryParse(run.state()).orElseGet(JsonObject::empty));
    }

    /** Reads only the keys that responses show beside the state. */
    public static RuntimeView runtimeViewOf(JsonText state) {
        @Nullable String[] texts = JsonObject.texts(state, VIEW_KEYS);
        return new RuntimeView(
                Optional.ofNullable(texts[0]).flatMap(RuntimeAdapter::fromWire),
                Optional.ofNullable(texts[1]).flatMap(Provider::fromWire),
                Optional.ofNullable(texts[2]),
                Optional.ofNullable(texts[3]).flatMap(ReasoningEffort::fromWire));
    }

    /**
     * The keys of a state that responses also show as members of the run (docs/wire/runs.md#a3).
     *
     * @param adapter the agent program
     * @param provider the provider of the model
     * @param model the model id
     * @param effort the reasoning effort
     */
    public record RuntimeView(
            Optional<RuntimeAdapter> adapter,
            Optional<Provider> provider,
            Optional<String> model,
            Optional<ReasoningEffort> effort) {}

    /**
     * Returns a builder for the state of a new run. Keys keep the order in which they are added.
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the value of a key, or empty if it is absent or not a string. */
    public Optional<String> text(StateKey key) {
        return members.text(key.wire());
    }

    /** Returns the value of a key as an enum constant, or empty if it is none. */
    public <E extends WireValue> Optional<E> enumValue(
            StateKey key, Function<String, Optional<E>> fromWire) {
        return text(key).flatMap(fromWire);
    }

    /** Returns the execution mode; {@code background} if the state has none. */
    public ExecutionMode mode() {
        return enumValue(StateKey.MODE, ExecutionMode::fromWire).orElse(ExecutionMode.BACKGROUND);
    }

    /** Returns the author of pull requests, or empty if the state has none. */
    public Optional<PrAuthorshipMode> authorship() {
        return enumValue(StateKey.PR_AUTHORSHIP_MODE, PrAuthorshipMode::fromWire);
    }

    /** Returns the selected agent and model, which may be incomplete. */
    public RuntimeSelection selection() {
        return new RuntimeSelection(
                enumValue(StateKey.RUNTIME_ADAPTER, RuntimeAdapter::fromWire),
                text(StateKey.MODEL),
                enumValue(StateKey.REASONING_EFFORT, ReasoningEffort::fromWire));
    }

    /** Returns the provider of the model. */
    public Optional<Provider> provider() {
        return enumValue(StateKey.PROVIDER, Provider::fromWire);
    }

    /** Returns further settings of the agent. */
    public AgentSettings agentSettings() {
        return new AgentSettings(
                text(StateKey.CUSTOM_IMAGE_ID).flatMap(UuidText::parse),
                flag(StateKey.AUTO_PUBLISH),
                enumValue(StateKey.CONTEXT_WINDOW, ContextWindow::fromWire),
                flag(StateKey.FAST_MODE),
                flag(StateKey.RTK_ENABLED));
    }

    private Optional<Boolean> flag(StateKey key) {
        return members.member(key.wire())
                .map(JsonText::text)
                .filter(text -> text.equals("true") || text.equals("false"))
                .map(Boolean::valueOf);
    }

    /** Returns the sandbox environment, or empty if the state has none. */
    public Optional<UUID> sandboxEnvironment() {
        return text(StateKey.SANDBOX_ENVIRONMENT_ID).flatMap(UuidText::parse);
    }

    /** Returns the ids of the artifacts to deliver with the pending message. */
    public List<String> pendingArtifactIds() {
        return members.member(StateKey.PENDING_ARTIFACT_IDS.wire())
                .map(Json::texts)
                .orElse(List.of());
    }

    /**
     * Returns the state after an update by a caller: removals are applied first, appended items
     * last. Keys that a caller may not remove or set are ignored (docs/wire/runs.md#f).
     *
     * @throws InvalidRequestException if a list would become too long
     */
    public RunState patched(
            List<String> removed, Optional<JsonText> merged, Optional<JsonText> appended) {
        Set<String> removable = new HashSet<>(removed);
        removable.removeIf(key -> !StateKey.maySet(key) && !StateKey.mayRemove(key));
        Map<String, JsonText> set =
                new LinkedHashMap<>(
                        merged.map(JsonObject::parse).map(JsonObject::members).orElse(Map.of()));
        set.keySet().removeIf(key -> !StateKey.maySet(key));
        JsonObject after = members.without(removable).with(set);
        return new RunState(after.with(appendedTo(after, appended)));
    }

    /** Returns the lists that result from appending one item to each of the named members. */
    private static Map<String, JsonText> appendedTo(
            JsonObject current, Optional<JsonText> appended) {
        Map<String, JsonText> lists = new LinkedHashMap<>();
        appended.map(JsonObject::parse)
                .map(JsonObject::members)
                .orElse(Map.of())
                .forEach(
                        (key, item) -> {
                            if (StateKey.maySet(key)) {
                                lists.put(key, Json.append(current.member(key), item));
                            }
                        });
        lists.values().stream()
                .filter(list -> Json.items(list).size() > MAX_APPENDED_ITEMS)
                .findAny()
                .ifPresent(
                        tooLong -> {
                            throw InvalidRequestException.of(
                                    Violation.of(
                                            ErrorCode.MAX_LENGTH,
                                            "state_append",
                                            "Ensure this field has no more than "
                                                    + MAX_APPENDED_ITEMS
                                                    + " elements."));
                        });
        return lists;
    }

    /** Returns a copy with a pending message and artifacts; absent ones keep their value. */
    public RunState pending(Optional<String> message, List<String> artifactIds) {
        Map<String, JsonText> set = new HashMap<>();
        message.ifPresent(text -> set.put(StateKey.PENDING_USER_MESSAGE.wire(), Json.quote(text)));
        if (!artifactIds.isEmpty()) {
            set.put(StateKey.PENDING_ARTIFACT_IDS.wire(), Json.array(artifactIds));
        }
        return new RunState(members.with(set));
    }

    /** Returns a copy that records a request to cancel the run (docs/wire/runs.md#l2). */
    public RunState cancelRequested(
            String source, Optional<String> reason, Optional<UserId> user, Instant now) {
        Map<String, JsonText> set = new LinkedHashMap<>();
        set.put(StateKey.CANCEL_REQUESTED_AT.wire(), Json.quote(WireTime.format(now)));
        set.put(StateKey.CANCEL_SOURCE.wire(), Json.quote(source));
        user.ifPresent(
                it -> set.put(StateKey.CANCEL_REQUESTED_BY.wire(), JsonText.of(it.toString())));
        reason.filter(text -> !text.isEmpty())
                .ifPresent(text -> set.put(StateKey.CANCEL_REASON.wire(), Json.quote(text)));
        return new RunState(members.with(set));
    }

    /**
     * Returns the error message that the run gets when it is cancelled, or empty if its
     * cancellation was not requested (docs/wire/runs.md#l2).
     */
    public Optional<String> cancelMessage() {
        return text(StateKey.CANCEL_REQUESTED_AT)
                .map(at -> text(StateKey.CANCEL_REASON).orElse(STOPPED_BY_USER));
    }

    /**
     * Returns the state of a run that is restarted in the cloud (docs/wire/starting-runs.md#i9).
     * What belongs to the earlier attempt is removed: its pending message, its sandbox, and a
     * request to cancel it.
     *
     * @param authorship the author of pull requests
     * @param credentialSource the new value of {@code github_credential_source}
     */
    public RunState restarted(
            Optional<PrAuthorshipMode> authorship, Optional<String> credentialSource) {
        Map<String, JsonText> set = new LinkedHashMap<>();
        set.put(StateKey.MODE.wire(), Json.quote(ExecutionMode.INTERACTIVE.wire()));
        set.put(StateKey.HANDOFF_RESUMED.wire(), JsonText.of("true"));
        authorship.ifPresent(
                mode -> set.put(StateKey.PR_AUTHORSHIP_MODE.wire(), Json.quote(mode.wire())));
        credentialSource.ifPresent(
                source -> set.put(StateKey.GITHUB_CREDENTIAL_SOURCE.wire(), Json.quote(source)));
        return new RunState(members.without(OF_ONE_ATTEMPT).with(set));
    }

    /** Returns the document. */
    public JsonText toJson() {
        return members.toJson();
    }

    /** A builder for the state of a new run. Each key is added at most once. */
    public static final class Builder {
        private static final int EXPECTED_LENGTH = 32;

        private final StringBuilder text = new StringBuilder(EXPECTED_LENGTH).append('{');

        public Builder put(StateKey key, String value) {
            Json.quote(value, name(key));
            return this;
        }

        public Builder put(StateKey key, Optional<String> value) {
            return value.isEmpty() ? this : put(key, value.get());
        }

        public Builder putWire(StateKey key, Optional<? extends WireValue> value) {
            return value.isEmpty() ? this : put(key, value.get().wire());
        }

        public Builder putFlag(StateKey key, Optional<Boolean> value) {
            value.ifPresent(flag -> name(key).append(flag.booleanValue()));
            return this;
        }

        public Builder putAll(StateKey key, List<String> values) {
            if (!values.isEmpty()) {
                name(key).append(Json.array(values).text());
            }
            return this;
        }

        private StringBuilder name(StateKey key) {
            if (text.length() > 1) {
                text.append(',');
            }
            return Json.quote(key.wire(), text).append(':');
        }

        public JsonText toJson() {
            return new JsonText(text.append('}').toString());
        }
    }
}
