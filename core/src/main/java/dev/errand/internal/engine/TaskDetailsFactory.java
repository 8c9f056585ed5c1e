package dev.errand.internal.engine;

import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.Violation;
import dev.errand.internal.rules.Titles;
import dev.errand.spi.project.Ownership;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.task.OriginProduct;
import dev.errand.spi.task.ReportRelationship;
import dev.errand.spi.task.TaskDetails;
import dev.errand.spi.task.TaskRuntime;
import dev.errand.task.CreateTaskRequest;
import dev.errand.task.Repositories;
import dev.errand.task.TitleGenerator;
import dev.errand.task.UpdateTaskRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Creates the details of a task from a request: checks that the objects it refers to are
 * accessible, applies defaults and generates a title (docs/wire/tasks.md#e6 to #e9).
 */
record TaskDetailsFactory(Engine engine, AccessControl access) {

    private static final int TITLE_TIMEOUT_SECONDS = 3;

    /**
     * Returns the details of a new task.
     *
     * @throws InvalidRequestException if the request refers to an object that does not exist or is
     *     not accessible
     */
    TaskDetails create(CreateTaskRequest request) {
        checkReferences(
                request.githubIntegration(),
                request.githubUserIntegration(),
                request.signalReport());
        String description = request.description().orElse("");
        String given = request.title().orElse("");
        boolean titleGiven = !given.isEmpty();
        String namingSource =
                request.namingSource().filter(text -> !text.isEmpty()).orElse(description);
        String title = titleGiven || namingSource.isEmpty() ? given : generatedTitle(namingSource);
        Optional<List<String>> repositories = normalised(request.repositories());
        Optional<Long> githubIntegration =
                request.githubIntegration()
                        .or(() -> directory().defaultGithubConnection(access.project()));
        checkConnection(repositories, githubIntegration);
        return new TaskDetails(
                title,
                request.titleManuallySet().orElse(titleGiven),
                description,
                request.originProduct().orElse(OriginProduct.USER_CREATED),
                first(repositories).or(() -> request.repository().map(Repositories::normalise)),
                githubIntegration,
                request.githubUserIntegration(),
                request.signalReport(),
                request.jsonSchema(),
                request.internal().orElse(false),
                request.ciPrompt(),
                request.archived().orElse(false) ? Optional.of(engine.now()) : Optional.empty(),
                further(repositories),
                request.runtime().orElse(TaskRuntime.ACP));
    }

    /**
     * Returns the details of a task after an update.
     *
     * @throws InvalidRequestException if the request refers to an object that does not exist or is
     *     not accessible
     */
    TaskDetails update(TaskDetails current, UpdateTaskRequest request) {
        checkReferences(
                request.githubIntegration().value(),
                request.githubUserIntegration().value(),
                request.signalReport().value());
        Optional<List<String>> repositories = normalised(request.repositories());
        Optional<Long> githubIntegration =
                request.githubIntegration().applyTo(current.githubIntegration());
        checkConnection(repositories, githubIntegration);
        boolean titleSet = request.title().isPresent() || current.titleManuallySet();
        return new TaskDetails(
                request.title().orElse(current.title()),
                request.titleManuallySet().orElse(titleSet),
                request.description().orElse(current.description()),
                request.originProduct().orElse(current.originProduct()),
                repositories.isPresent()
                        ? first(repositories)
                        : request.repository()
                                .applyTo(current.repository())
                                .filter(repository -> !cleared(request, repository))
                                .map(Repositories::normalise),
                githubIntegration,
                request.githubUserIntegration().applyTo(current.githubUserIntegration()),
                request.signalReport().applyTo(current.signalReport()),
                request.jsonSchema().applyTo(current.jsonSchema()),
                request.internal().orElse(current.internal()),
                request.ciPrompt().applyTo(current.ciPrompt()),
                archivedAt(current, request.archived()),
                repositories.isPresent() || request.repository().isPresent()
                        ? further(repositories)
                        : current.furtherRepositories(),
                current.runtime());
    }

    /**
     * Returns the link to a signal report that is stored with a new task. Only a task that was
     * created from a report has one (docs/wire/tasks.md#e7).
     */
    static Optional<ReportRelationship> reportRelationship(CreateTaskRequest request) {
        boolean linked =
                request.signalReport().isPresent()
                        && request.originProduct().equals(Optional.of(OriginProduct.SIGNAL_REPORT));
        return linked
                ? request.signalReportTaskRelationship()
                        .or(() -> Optional.of(ReportRelationship.IMPLEMENTATION))
                : Optional.empty();
    }

    private Optional<Instant> archivedAt(TaskDetails current, Optional<Boolean> archived) {
        if (archived.isEmpty()) {
            return current.archivedAt();
        }
        return archived.get()
                ? current.archivedAt().or(() -> Optional.of(engine.now()))
                : Optional.empty();
    }

    private static Optional<List<String>> normalised(Optional<List<String>> repositories) {
        return repositories.map(names -> names.stream().map(Repositories::normalise).toList());
    }

    private static Optional<String> first(Optional<List<String>> repositories) {
        return repositories.flatMap(names -> names.stream().findFirst());
    }

    private static List<String> further(Optional<List<String>> repositories) {
        return repositories.map(names -> names.stream().skip(1).toList()).orElse(List.of());
    }

    /** A list of repositories needs a connection that can read them (docs/wire/tasks.md#l7). */
    private static void checkConnection(
            Optional<List<String>> repositories, Optional<Long> githubIntegration) {
        if (githubIntegration.isEmpty() && first(repositories).isPresent()) {
            throw InvalidRequestException.of(
                    Violation.of(
                            ErrorCode.INVALID_INPUT,
                            "github_integration",
                            "Required when repositories are configured"));
        }
    }

    /** In an update, an empty repository clears it (docs/wire/tasks.md#d4). */
    private static boolean cleared(UpdateTaskRequest request, String repository) {
        return request.repository().isPresent() && repository.isEmpty();
    }

    private void checkReferences(
            Optional<Long> githubIntegration,
            Optional<UUID> githubUserIntegration,
            Optional<UUID> signalReport) {
        if (githubIntegration.isEmpty()
                && githubUserIntegration.isEmpty()
                && signalReport.isEmpty()) {
            return;
        }
        List<Violation> violations = new ArrayList<>();
        githubIntegration.ifPresent(
                id ->
                        check(
                                violations,
                                directory().ownershipOfGithubConnection(access.project(), id),
                                "github_integration",
                                id,
                                "Integration must belong to the same team"));
        githubUserIntegration.ifPresent(
                id ->
                        check(
                                violations,
                                access.caller()
                                        .user()
                                        .map(
                                                user ->
                                                        directory()
                                                                .ownershipOfGithubUserConnection(
                                                                        access.project(), user, id))
                                        .orElse(Ownership.NOT_FOUND),
                                "github_user_integration",
                                id,
                                "User integration must belong to the authenticated user"));
        signalReport.ifPresent(
                id ->
                        check(
                                violations,
                                directory().ownershipOfSignalReport(access.project(), id),
                                "signal_report",
                                id,
                                "Signal report must belong to the same team"));
        if (!violations.isEmpty()) {
            throw new InvalidRequestException(violations);
        }
    }

    private static void check(
            List<Violation> violations,
            Ownership ownership,
            String attr,
            Object id,
            String foreignText) {
        switch (ownership) {
            case OWN -> {}
            case FOREIGN ->
                    violations.add(Violation.of(ErrorCode.INVALID_INPUT, attr, foreignText));
            case NOT_FOUND ->
                    violations.add(
                            Violation.of(
                                    ErrorCode.DOES_NOT_EXIST,
                                    attr,
                                    "Invalid pk \"" + id + "\" - object does not exist."));
        }
    }

    private String generatedTitle(String description) {
        TitleGenerator generator = engine.options().titleGenerator();
        if (generator == TitleGenerator.FIRST_LINE) {
            return Titles.fallback(description);
        }
        return titleWithTimeout(generator, description)
                .map(Titles::clean)
                .filter(title -> !title.isEmpty())
                .orElseGet(() -> Titles.fallback(description));
    }

    /**
     * Calls a generator of the host, which may use a remote model: with a timeout, and without
     * passing its failures on to the caller.
     */
    private static Optional<String> titleWithTimeout(TitleGenerator generator, String description) {
        CompletableFuture<Optional<String>> title =
                CompletableFuture.supplyAsync(() -> generator.title(description));
        try {
            return title.get(TITLE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException noTitle) {
            title.cancel(true);
            return Optional.empty();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private ProjectDirectory directory() {
        return engine.directory();
    }
}
