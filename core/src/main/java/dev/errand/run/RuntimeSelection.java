package dev.errand.run;

import dev.errand.spi.run.Provider;
import dev.errand.spi.run.ReasoningEffort;
import dev.errand.spi.run.RuntimeAdapter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The requested agent and model of a run (docs/wire/runtime-selection.md#e2): nothing, or at least
 * an adapter and a model. An incomplete selection can be constructed; {@link #missing()} lists what
 * it lacks.
 *
 * @param adapter the agent program
 * @param model the model's id
 * @param effort how hard the model thinks
 */
public record RuntimeSelection(
        Optional<RuntimeAdapter> adapter,
        Optional<String> model,
        Optional<ReasoningEffort> effort) {

    /** No selection: the executor uses its default (docs/wire/runtime-selection.md#e2). */
    public static final RuntimeSelection NONE =
            new RuntimeSelection(Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * The text about a {@linkplain #missing() missing} member (docs/wire/runtime-selection.md#e2).
     */
    public static final String REQUIRED = "This field is required when selecting a cloud runtime.";

    /** Requires that no component is null. */
    public RuntimeSelection {
        Objects.requireNonNull(adapter, "adapter");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(effort, "effort");
    }

    /** A member that every selection must have (docs/wire/runtime-selection.md#e2). */
    public enum Member {
        RUNTIME_ADAPTER("runtime_adapter", "runtimeAdapter"),
        MODEL("model", "model");

        private final String wire;
        private final String property;

        Member(String wire, String property) {
            this.wire = wire;
            this.property = property;
        }

        /** The member's name in requests and in the {@code attr} of an error. */
        public String wire() {
            return wire;
        }

        /** The name of the component in request records. */
        public String property() {
            return property;
        }
    }

    /** Whether anything is selected (docs/wire/runtime-selection.md#e2). */
    public boolean isPresent() {
        return adapter.isPresent() || model.isPresent() || effort.isPresent();
    }

    /**
     * The members that must be added; none if nothing is selected
     * (docs/wire/runtime-selection.md#e2).
     */
    public List<Member> missing() {
        if (!isPresent()) {
            return List.of();
        }
        List<Member> missing = new ArrayList<>(0);
        if (adapter.isEmpty()) {
            missing.add(Member.RUNTIME_ADAPTER);
        }
        if (model.isEmpty()) {
            missing.add(Member.MODEL);
        }
        return missing;
    }

    /**
     * The provider of the model, derived from the adapter and not taken from a resumed run
     * (docs/wire/runtime-selection.md#e2).
     */
    public Optional<Provider> provider() {
        return adapter.map(RuntimeAdapter::provider);
    }
}
