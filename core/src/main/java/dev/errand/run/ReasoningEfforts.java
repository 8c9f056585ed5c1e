package dev.errand.run;

import static dev.errand.spi.run.ReasoningEffort.HIGH;
import static dev.errand.spi.run.ReasoningEffort.LOW;
import static dev.errand.spi.run.ReasoningEffort.MAX;
import static dev.errand.spi.run.ReasoningEffort.MEDIUM;
import static dev.errand.spi.run.ReasoningEffort.ULTRACODE;
import static dev.errand.spi.run.ReasoningEffort.XHIGH;
import static dev.errand.spi.run.RuntimeAdapter.CLAUDE;
import static dev.errand.spi.run.RuntimeAdapter.CODEX;

import dev.errand.profile.ApiProfile;
import dev.errand.spi.run.ReasoningEffort;
import dev.errand.spi.run.RuntimeAdapter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
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

    private static final Set<ReasoningEffort> UP_TO_XHIGH = Set.of(LOW, MEDIUM, HIGH, XHIGH);
    private static final Set<ReasoningEffort> UP_TO_ULTRACODE =
            Set.of(LOW, MEDIUM, HIGH, XHIGH, MAX, ULTRACODE);
    private static final Set<ReasoningEffort> HIGH_OR_MAX = Set.of(HIGH, MAX);

    // spotless:off
    private static final ReasoningEfforts PUBLISHED_2026_05 =
            none()
                    //             adapter model                        efforts
                    .with         (CLAUDE, "claude-opus-4-5",           UP_TO_HIGH)
                    .with         (CLAUDE, "claude-opus-4-6",           UP_TO_MAX)
                    .with         (CLAUDE, "claude-opus-4-7",           UP_TO_MAX)
                    .with         (CLAUDE, "claude-sonnet-4-6",         UP_TO_HIGH)
                    .withAnyOther (CLAUDE,                              Set.of())
                    .withAnyOther (CODEX,                               UP_TO_HIGH);

    private static final ReasoningEfforts PUBLISHED_2026_09 =
            none()
                    //             adapter model                        efforts
                    .with         (CLAUDE, "claude-opus-4-5",           UP_TO_HIGH)
                    .with         (CLAUDE, "claude-sonnet-4-6",         UP_TO_HIGH)
                    .with         (CLAUDE, "claude-opus-4-6",           UP_TO_MAX)
                    .with         (CLAUDE, "claude-opus-4-7",           UP_TO_ULTRACODE)
                    .with         (CLAUDE, "claude-opus-4-8",           UP_TO_ULTRACODE)
                    .with         (CLAUDE, "claude-opus-5",             UP_TO_ULTRACODE)
                    .with         (CLAUDE, "claude-opus-5-5",           UP_TO_ULTRACODE)
                    .with         (CLAUDE, "claude-sonnet-5",           UP_TO_ULTRACODE)
                    .with         (CLAUDE, "claude-sonnet-5-5",         UP_TO_ULTRACODE)
                    .with         (CLAUDE, "claude-fable-5",            UP_TO_ULTRACODE)
                    .with         (CLAUDE, "claude-fable-5-1",          UP_TO_ULTRACODE)
                    .with         (CLAUDE, "zai-org/glm-5.3",           HIGH_OR_MAX)
                    .with         (CLAUDE, "zai-org/glm-5.3-flash",     HIGH_OR_MAX)
                    .with         (CLAUDE, "@cf/zai-org/glm-5.2",       HIGH_OR_MAX)
                    .withAnyOther (CLAUDE,                              Set.of())
                    .withPrefix   (CODEX,  "gpt-5.6",                   UP_TO_MAX)
                    .withPrefix   (CODEX,  "gpt-6-astra",               UP_TO_MAX)
                    .withPrefix   (CODEX,  "gpt-6-sol",                 UP_TO_MAX)
                    .withPrefix   (CODEX,  "gpt-6.1-sol",               UP_TO_MAX)
                    .withPrefix   (CODEX,  "gpt-6-luna",                UP_TO_MAX)
                    .withPrefix   (CODEX,  "gpt-5.5",                   UP_TO_XHIGH)
                    .withAnyOther (CODEX,                               UP_TO_HIGH);
    // spotless:on

    private final Map<ModelKey, Set<ReasoningEffort>> byModel;
    private final Map<ModelKey, Set<ReasoningEffort>> byPrefix;
    private final Map<RuntimeAdapter, Set<ReasoningEffort>> anyOther;

    private ReasoningEfforts(
            Map<ModelKey, Set<ReasoningEffort>> byModel,
            Map<ModelKey, Set<ReasoningEffort>> byPrefix,
            Map<RuntimeAdapter, Set<ReasoningEffort>> anyOther) {
        this.byModel = Map.copyOf(byModel);
        this.byPrefix = Map.copyOf(byPrefix);
        this.anyOther = Map.copyOf(anyOther);
    }

    private record ModelKey(RuntimeAdapter adapter, String model) {}

    /** Returns the table of {@link ApiProfile#V2026_05} (docs/wire/runtime-selection.md#e3). */
    public static ReasoningEfforts published() {
        return PUBLISHED_2026_05;
    }

    /** Returns the default table of a profile (docs/wire/runtime-selection.md#e3). */
    public static ReasoningEfforts published(ApiProfile profile) {
        return switch (profile) {
            case V2026_05 -> PUBLISHED_2026_05;
            case V2026_09 -> PUBLISHED_2026_09;
        };
    }

    /** Returns an empty table: no model supports any effort. */
    public static ReasoningEfforts none() {
        return new ReasoningEfforts(Map.of(), Map.of(), Map.of());
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
        return new ReasoningEfforts(changed, byPrefix, anyOther);
    }

    /**
     * Returns a copy with the row of the models whose id begins with a prefix added or replaced. A
     * row of the exact model precedes it, and of several prefixes the longest applies.
     *
     * @param prefix compared in lower case
     * @param efforts the supported efforts; empty for none
     */
    public ReasoningEfforts withPrefix(
            RuntimeAdapter adapter, String prefix, Set<ReasoningEffort> efforts) {
        Objects.requireNonNull(adapter, "adapter");
        Map<ModelKey, Set<ReasoningEffort>> changed = new HashMap<>(byPrefix);
        changed.put(new ModelKey(adapter, prefix.toLowerCase(Locale.ROOT)), Set.copyOf(efforts));
        return new ReasoningEfforts(byModel, changed, anyOther);
    }

    /** Returns a copy with the row for all other models of an adapter added or replaced. */
    public ReasoningEfforts withAnyOther(RuntimeAdapter adapter, Set<ReasoningEffort> efforts) {
        Objects.requireNonNull(adapter, "adapter");
        Map<RuntimeAdapter, Set<ReasoningEffort>> changed = new HashMap<>(anyOther);
        changed.put(adapter, Set.copyOf(efforts));
        return new ReasoningEfforts(byModel, byPrefix, changed);
    }

    /** Returns the efforts that a model supports, in ascending order. */
    public List<ReasoningEffort> supported(RuntimeAdapter adapter, String model) {
        Set<ReasoningEffort> ofModel = byModel.get(new ModelKey(adapter, model));
        Set<ReasoningEffort> efforts =
                ofModel != null
                        ? ofModel
                        : ofPrefix(adapter, model.toLowerCase(Locale.ROOT))
                                .orElse(anyOther.getOrDefault(adapter, Set.of()));
        return Arrays.stream(ReasoningEffort.values()).filter(efforts::contains).toList();
    }

    private Optional<Set<ReasoningEffort>> ofPrefix(RuntimeAdapter adapter, String model) {
        return byPrefix.entrySet().stream()
                .filter(row -> row.getKey().adapter() == adapter)
                .filter(row -> model.startsWith(row.getKey().model()))
                .max(Comparator.comparingInt(row -> row.getKey().model().length()))
                .map(Map.Entry::getValue);
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
