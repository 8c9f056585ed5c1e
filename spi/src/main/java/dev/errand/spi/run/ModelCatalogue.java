package dev.errand.spi.run;

import dev.errand.spi.ProjectId;
import java.util.List;
import java.util.Objects;

/**
 * The models that a host offers for runs (docs/wire/tasks.md#l8). It only informs clients: a run
 * may ask for a model that is not in the catalogue. Thread-safe.
 */
@FunctionalInterface
public interface ModelCatalogue {

    /** Has no models. Clients then use their own default. */
    ModelCatalogue UNAVAILABLE = project -> List.of();

    /**
     * Returns the models of a project, the preferred ones first; empty if the catalogue is not
     * available.
     *
     * @throws dev.errand.spi.PortException if the catalogue cannot be read
     */
    List<Model> models(ProjectId project);

    /**
     * A model.
     *
     * @param runtimeAdapter the agent that runs it
     * @param id the name by which runs ask for it
     * @param displayName the name to show to users
     * @param supportedEfforts the reasoning efforts that it accepts, in ascending order
     */
    record Model(
            RuntimeAdapter runtimeAdapter,
            String id,
            String displayName,
            List<ReasoningEffort> supportedEfforts) {

        /** Sorts the efforts. */
        public Model {
            Objects.requireNonNull(runtimeAdapter, "runtimeAdapter");
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(displayName, "displayName");
            supportedEfforts = supportedEfforts.stream().sorted().toList();
        }
    }
}
