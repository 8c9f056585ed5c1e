package dev.errand.internal.rules;

import dev.errand.internal.json.Json;
import dev.errand.internal.json.JsonObject;
import dev.errand.run.RuntimeSelection;
import dev.errand.run.StateKey;
import dev.errand.spi.JsonText;
import dev.errand.spi.WireValue;
import dev.errand.spi.internal.UuidText;
import dev.errand.spi.run.ExecutionMode;
import dev.errand.spi.run.PrAuthorshipMode;
import dev.errand.spi.run.Provider;
import dev.errand.spi.run.ReasoningEffort;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RuntimeAdapter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/**
 * A run's state document, as the core reads and writes it (contract F). Immutable.
 *
 * <p>Reading never fails: whatever is stored, a known member that is not what it should be reads as
 * absent (contract J11).
 */
public final class RunState {

    private static final Set<String> SHOWN =
            Set.of(
                    StateKey.RUNTIME_ADAPTER.wire(),
                    StateKey.PROVIDER.wire(),
                    StateKey.MODEL.wire(),
                    StateKey.REASONING_EFFORT.wire());

    private final JsonObject members;

    private RunState(JsonObject members) {
        this.members = members;
    }

    /** The state of a run. */
    public static RunState of(Run run) {
        return new RunState(JsonObject.tryParse(run.state()).orElseGet(JsonObject::empty));
    }

    /** Returns the members that a run's response shows beside its state. */
    public static Shown shownOf(JsonText state) {
        Map<String, String> texts = JsonObject.texts(state, SHOWN);
        return new Shown(
                constant(texts, StateKey.RUNTIME_ADAPTER, RuntimeAdapter::fromWire),
                constant(texts, StateKey.PROVIDER, Provider::fromWire),
                Optional.ofNullable(texts.get(StateKey.MODEL.wire())),
                constant(texts, StateKey.REASONING_EFFORT, ReasoningEffort::fromWire));
    }

    private static <E extends WireValue> Optional<E> constant(
            Map<String, String> texts, StateKey key, Function<String, Optional<E>> fromWire) {
        String text = texts.get(key.wire());
        return text == null ? Optional.empty() : fromWire.apply(text);
    }

    /**
     * The members of a state that every answer with its run shows by themselves (contract A3).
     *
     * @param adapter the agent program family
     * @param provider who serves the model
     * @param model the model
     * @param effort how hard it thinks
     */
    public record Shown(
            Optional<RuntimeAdapter> adapter,
            Optional<Provider> provider,
            Optional<String> model,
            Optional<ReasoningEffort> effort) {}

    /** Begins the state of a new run; members stand in the order they are written. */
    public static Draft draft() {
        return new Draft();
    }

    /** The text of a member, if it is a string. */
    public Optional<String> text(StateKey key) {
        return members.text(key.wire());
    }

    /** The member as a constant, if it is one. */
    public <E extends WireValue> Optional<E> constant(
            StateKey key, Function<String, Optional<E>> fromWire) {
        return text(key).flatMap(fromWire);
    }

    /** The execution mode; {@code background} where nothing is said. */
    public ExecutionMode mode() {
        return constant(StateKey.MODE, ExecutionMode::fromWire).orElse(ExecutionMode.BACKGROUND);
    }

    /** In whose name pull requests are opened, if it was said. */
    public Optional<PrAuthorshipMode> authorship() {
        return constant(StateKey.PR_AUTHORSHIP_MODE, PrAuthorshipMode::fromWire);
    }

    /** The runtime that was chosen, as far as it was. */
    public RuntimeSelection selection() {
        return new RuntimeSelection(
                constant(StateKey.RUNTIME_ADAPTER, RuntimeAdapter::fromWire),
                text(StateKey.MODEL),
                constant(StateKey.REASONING_EFFORT, ReasoningEffort::fromWire));
    }

    /** Who serves the model. */
    public Optional<Provider> provider() {
        return constant(StateKey.PROVIDER, Provider::fromWire);
    }

    /** The sandbox environment to use. */
    public Optional<UUID> sandboxEnvironment() {
        return text(StateKey.SANDBOX_ENVIRONMENT_ID).flatMap(UuidText::parse);
    }

    /** The ids of the attachments to deliver first. */
    public List<String> pendingArtifactIds() {
        return members.member(StateKey.PENDING_ARTIFACT_IDS.wire())
                .map(Json::texts)
                .orElse(List.of());
    }

    /**
     * The state after a caller's update: first what may be removed is, then what may be set is; the
     * rest of the update is ignored (contract F).
     */
    public RunState patched(List<String> removed, Optional<JsonText> merged) {
        Set<String> gone = new HashSet<>(removed);
        gone.removeIf(key -> !StateKey.maySet(key) && !StateKey.mayRemove(key));
        Map<String, JsonText> set =
                new LinkedHashMap<>(
                        merged.map(JsonObject::parse).map(JsonObject::members).orElse(Map.of()));
        set.keySet().removeIf(key -> !StateKey.maySet(key));
        return new RunState(members.without(gone).with(set));
    }

    /** The state with what is to be delivered first; what a start does not say stays as it is. */
    public RunState pending(Optional<String> message, List<String> artifactIds) {
        Map<String, JsonText> set = new HashMap<>();
        message.ifPresent(text -> set.put(StateKey.PENDING_USER_MESSAGE.wire(), Json.quote(text)));
        if (!artifactIds.isEmpty()) {
            set.put(StateKey.PENDING_ARTIFACT_IDS.wire(), Json.quote(artifactIds));
        }
        return new RunState(members.with(set));
    }

    /** The document. */
    public JsonText toJson() {
        return members.toJson();
    }

    /** A new run's state in the making; each key is put once. */
    public static final class Draft {
        private static final int EXPECTED_LENGTH = 32;

        private final StringBuilder text = new StringBuilder(EXPECTED_LENGTH).append('{');

        public Draft put(StateKey key, String value) {
            Json.quote(value, name(key));
            return this;
        }

        public Draft put(StateKey key, Optional<String> value) {
            return value.isEmpty() ? this : put(key, value.get());
        }

        public Draft putWire(StateKey key, Optional<? extends WireValue> value) {
            return value.isEmpty() ? this : put(key, value.get().wire());
        }

        public Draft putAll(StateKey key, List<String> values) {
            if (!values.isEmpty()) {
                name(key).append(Json.quote(values).text());
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
