package dev.errand.spi.task;

import dev.errand.spi.UserId;
import dev.errand.spi.run.RunStatus;
import java.util.Objects;
import java.util.Optional;

/**
 * Which tasks of a project a list holds (contract D1): all conditions together, an absent one lets
 * everything through. Texts are literal; {@code %} and {@code _} are ordinary characters.
 *
 * @param internal exactly the internal tasks, or exactly the others
 * @param createdBy only tasks of this creator
 * @param organization only repositories of this organization, in lower case
 * @param originProduct only tasks of this origin; a text that is no origin matches nothing
 * @param repository only these repositories
 * @param search only tasks that the search finds
 * @param stage only tasks with any run in exactly this stage
 * @param status only tasks whose latest run has this status
 */
public record TaskFilter(
        boolean internal,
        Optional<UserId> createdBy,
        Optional<String> organization,
        Optional<String> originProduct,
        Optional<RepositoryMatch> repository,
        Optional<TaskSearch> search,
        Optional<String> stage,
        Optional<RunStatus> status) {

    /** Every task that is not internal. */
    public static final TaskFilter NONE =
            new TaskFilter(
                    false,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());

    /** Refuses null. */
    public TaskFilter {
        Objects.requireNonNull(createdBy, "createdBy");
        Objects.requireNonNull(organization, "organization");
        Objects.requireNonNull(originProduct, "originProduct");
        Objects.requireNonNull(repository, "repository");
        Objects.requireNonNull(search, "search");
        Objects.requireNonNull(stage, "stage");
        Objects.requireNonNull(status, "status");
    }
}
