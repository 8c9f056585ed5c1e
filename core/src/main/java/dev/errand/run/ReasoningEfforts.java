package dev.errand.run;

import static dev.errand.spi.run.ReasoningEffort.HIGH;
import static dev.errand.spi.run.ReasoningEffort.LOW;
import static dev.errand.spi.run.ReasoningEffort.MAX;
import static dev.errand.spi.run.ReasoningEffort.MEDIUM;
import static dev.errand.spi.run.ReasoningEffort.XHIGH;
import static dev.errand.spi.run.RuntimeAdapter.CLAUDE;
import static dev.errand.spi.run.RuntimeAdapter.CODEX;

import dev.errand.spi.run.ReasoningEffort;
import dev.errand.spi.run.RuntimeAdapter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The reasoning efforts that each model supports (docs/wire/runtime-selection.md#e3). New models
 * appear more often than releases of this library; a host can extend {@link #published()} or start
 * from {@link #none()}. Immutable.
 */
public final class ReasoningEfforts {

    private static final Set<ReasoningEffort> UP_TO_HIGH = Set.of(LOW, MEDIUM, HIGH);
    private static final Set<ReasoningEffort> UP_TO_MAX = Set.of(LOW, MEDIUM, HIGH, XHIGH, MAX);

    // spotless:off
    private static final ReasoningEfforts PUBLISHED =
            new ReasoningEfforts(Map.of(), Map.of())
                    //            adapter  model                 efforts
                    .with        (CLAUDE,  "claude-opus-4-5",    UP_TO_HIGH)
                    .with        (CLAUDE,  "claude-opus-4-6",    UP_TO_MAX)
                    .with        (CLAUDE,  "claude-opus-4-7",    UP_TO_MAX)
                    .with        (CLAUDE,  "claude-sonnet-4-6",  UP_TO_HIGH)
                    .withAnyOther(CLAUDE,                        Set.of())
                    .withAnyOther(CODEX,                         UP_TO_HIGH);
    // spotless:on

    private final Map<ModelKey, Set<ReasoningEffort>> byModel;
    private final Map<RuntimeAdapter, Set<ReasoningEffort>> anyOther;

    private ReasoningEfforts(
            Map<ModelKey, Set<ReasoningEffort>> byModel,
            Map<RuntimeAdapter, Set<ReasoningEffort>> anyOther) {
        this.byModel = Map.copyOf(byModel);
        this.anyOther = Map.copyOf(anyOther);
    }

    private record ModelKey(RuntimeAdapter adapter, String model) {}

    /** Returns the default table (docs/wire/runtime-selection.md#e3). */
    public static ReasoningEfforts published() {
        return PUBLISHED;
    }

    /** Returns an empty table: no model supports any effort. */
    public static ReasoningEfforts none() {
        return new ReasoningEfforts(Map.of(), Map.of());
    }

    /**
     * Returns a copy with the row of one model added or replaced.
     *
     * @param model the exact model id, case-sensitive
     * @param efforts the supported efforts; empty for none
     */
    public ReasoningEfforts with(
            RuntimeAdapter adapter, String model, Set<ReasoningEffort> efforts) {
        Objects.requireNonNull(adapter, "adapter");
        Objects.requireNonNull(model, "model");
        Map<ModelKey, Set<ReasoningEffort>> changed = new HashMap<>(byModel);
        changed.put(new ModelKey(adapter, model), Set.copyOf(efforts));
        return new ReasoningEfforts(changed, anyOther);
    }

    /** Returns a copy with the row for all other models of an adapter added or replaced. */
    public ReasoningEfforts withAnyOther(RuntimeAdapter adapter, Set<ReasoningEffort> efforts) {
        Objects.requireNonNull(adapter, "adapter");
        Map<RuntimeAdapter, Set<ReasoningEffort>> changed = new HashMap<>(anyOther);
        changed.put(adapter, Set.copyOf(efforts));
        return new ReasoningEfforts(byModel, changed);
    }

    /** Returns the efforts that a model supports, in ascending order. */
    public List<ReasoningEffort> supported(RuntimeAdapter adapter, String model) {
        Set<ReasoningEffort> efforts =
                byModel.getOrDefault(
                        new ModelKey(adapter, model), anyOther.getOrDefault(adapter, Set.of()));
        return Arrays.stream(ReasoningEffort.values()).filter(efforts::contains).toList();
    }

    /** Returns why a model cannot be run with an effort, or empty if it can. */
    public Optional<String> problem(RuntimeAdapter adapter, String model, ReasoningEffort effort) {
        Objects.requireNonNull(effort, "effort");
        List<ReasoningEffort> supported = supported(adapter, model);
        if (supported.contains(effort)) {
            return Optional.empty();
        }
        String values =
                supported.isEmpty()
                        ? "none"
                        : supported.stream()
                                .map(ReasoningEffort::wire)
                                .collect(Collectors.joining(", "));
        return Optional.of(
                "Reasoning effort '"
                        + effort.wire()
                        + "' is not supported for runtime_adapter '"
                        + adapter.wire()
                        + "' and model '"
                        + model
                        + "'. Supported values: "
                        + values
                        + ".");
    }
}
