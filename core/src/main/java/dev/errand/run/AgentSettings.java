package dev.errand.run;

import dev.errand.spi.run.ContextWindow;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * Settings of a run that the launcher passes on to the agent program, by the state of the run
 * (docs/wire/starting-runs.md#l6). Each may be absent.
 *
 * @param customImage the image to start the sandbox from
 * @param autoPublish whether the agent opens a draft pull request unasked
 * @param contextWindow the size of the context window
 * @param fastMode whether the model answers faster, at a higher price
 * @param rtkEnabled whether the agent may shorten the output of commands; absent for its default
 */
public record AgentSettings(
        Optional<UUID> customImage,
        Optional<Boolean> autoPublish,
        Optional<ContextWindow> contextWindow,
        Optional<Boolean> fastMode,
        Optional<Boolean> rtkEnabled) {

    /** No setting: the agent uses its defaults. */
    public static final AgentSettings NONE =
            new AgentSettings(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());

    /** Requires that no component is null. */
    public AgentSettings {
        Objects.requireNonNull(customImage, "customImage");
        Objects.requireNonNull(autoPublish, "autoPublish");
        Objects.requireNonNull(contextWindow, "contextWindow");
        Objects.requireNonNull(fastMode, "fastMode");
        Objects.requireNonNull(rtkEnabled, "rtkEnabled");
    }

    /** Whether a setting is present that a run without a runtime selection cannot have. */
    boolean requireSelection() {
        return contextWindow.isPresent() || fastMode.isPresent();
    }

    /**
     * Returns the settings of a run that resumes another one. Members that are absent here are
     * inherited, except {@code rtkEnabled}.
     */
    public AgentSettings inheriting(AgentSettings resumed) {
        return new AgentSettings(
                customImage.or(resumed::customImage),
                autoPublish.or(resumed::autoPublish),
                contextWindow.or(resumed::contextWindow),
                fastMode.or(resumed::fastMode),
                rtkEnabled);
    }

    /** Returns a copy without an image. */
    public AgentSettings withoutCustomImage() {
        return new AgentSettings(
                Optional.empty(), autoPublish, contextWindow, fastMode, rtkEnabled);
    }
}
