package dev.errand.spi.store;

import dev.errand.spi.UserId;
import dev.errand.spi.run.RunStatus;
import java.util.Objects;
import java.util.Optional;

/**
 * The conditions of a list of tasks (docs/wire/tasks.md#d1). A task must meet all of them; an
 * absent condition is met by every task. Texts are literal: {@code %} and {@code _} are not
 * wildcards.
 *
 * @param internal whether internal tasks are listed
 * @param archived whether archived tasks are listed
 * @param createdBy the creator
 * @param organization the organization of the repository, in lower case
 * @param originProduct the wire value of the origin; an unknown value matches nothing
 * @param excludedOrigin the wire value of an origin that tasks must not have
 * @param repository the repository
 * @param search a search for a text or number
 * @param stage the stage of any of the task's runs, matched exactly
 * @param status the status of the task's latest run
 */
public record TaskFilter(
        Inclusion internal,
        Inclusion archived,
        Optional<UserId> createdBy,
        Optional<String> organization,
        Optional<String> originProduct,
        Optional<String> excludedOrigin,
        Optional<RepositoryMatch> repository,
        Optional<TaskSearch> search,
        Optional<String> stage,
        Optional<RunStatus> status) {

    /** Matches every task that is not internal. */
    public static final TaskFilter DEFAULT =
            new TaskFilter(
                    false,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());

    /** Matches every internal task. */
    public static final TaskFilter INTERNAL =
            new TaskFilter(
                    true,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());

    /** Matches every task of a project. */
    public static final TaskFilter ALL =
            new TaskFilter(
                    Inclusion.ALL,
                    Inclusion.ALL,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());

    /** Rejects null components. */
    public TaskFilter {
        Objects.requireNonNull(internal, "internal");
        Objects.requireNonNull(archived, "archived");
        Objects.requireNonNull(excludedOrigin, "excludedOrigin");
        Objects.requireNonNull(createdBy, "createdBy");
        Objects.requireNonNull(organization, "organization");
        Objects.requireNonNull(originProduct, "originProduct");
        Objects.requireNonNull(repository, "repository");
        Objects.requireNonNull(search, "search");
        Objects.requireNonNull(stage, "stage");
        Objects.requireNonNull(status, "status");
    }

    /**
     * Creates a filter that matches no archived tasks.
     *
     * @param internal true: only internal tasks; false: only tasks that are not internal
     */
    public TaskFilter(
            boolean internal,
            Optional<UserId> createdBy,
            Optional<String> organization,
            Optional<String> originProduct,
            Optional<RepositoryMatch> repository,
            Optional<TaskSearch> search,
            Optional<String> stage,
            Optional<RunStatus> status) {
        this(
                internal ? Inclusion.ONLY : Inclusion.EXCLUDE,
                Inclusion.EXCLUDE,
                createdBy,
                organization,
                originProduct,
                Optional.empty(),
                repository,
                search,
                stage,
                status);
    }
}
