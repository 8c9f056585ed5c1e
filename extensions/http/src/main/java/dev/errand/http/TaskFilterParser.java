package dev.errand.http;

import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.Violation;
import dev.errand.internal.json.Text;
import dev.errand.profile.ApiProfile;
import dev.errand.spi.UserId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.Inclusion;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.task.OriginProduct;
import dev.errand.task.TaskFilterTexts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Parses the filters of the task list, in declared order (docs/wire/tasks.md#d1). */
final class TaskFilterParser {

    /**
     * Stands for a negative user id, which no user has: the filter is valid and matches nothing.
     */
    private static final UserId NOBODY = UserId.of(Long.MAX_VALUE);

    private final QueryParameters query;
    private final List<Violation> violations = new ArrayList<>(0);

    private final ApiProfile profile;

    private TaskFilterParser(QueryParameters query, ApiProfile profile) {
        this.query = query;
        this.profile = profile;
    }

    /**
     * Parses a query.
     *
     * @throws InvalidRequestException if parameters are invalid, with all of them
     */
    static TaskFilter parse(QueryParameters query, ApiProfile profile) {
        return new TaskFilterParser(query, profile).filter();
    }

    private TaskFilter filter() {
        Optional<UserId> createdBy = createdBy();
        Inclusion internal = internal();
        Inclusion archived = archived();
        Optional<String> excludedOrigin = excludedOrigin();
        Optional<String> organization = text("organization");
        Optional<String> originProduct = text("origin_product");
        Optional<String> repository = text("repository");
        Optional<String> search = text("search");
        Optional<String> stage = text("stage");
        Optional<RunStatus> status = status();
        if (!violations.isEmpty()) {
            throw new InvalidRequestException(violations);
        }
        return new TaskFilter(
                internal,
                archived,
                createdBy,
                organization.flatMap(TaskFilterTexts::organization),
                originProduct,
                excludedOrigin,
                repository.flatMap(TaskFilterTexts::repository),
                search.flatMap(TaskFilterTexts::search),
                stage,
                status);
    }

    private Optional<UserId> createdBy() {
        Optional<String> given = query.text("created_by");
        Optional<Long> number = given.flatMap(WholeNumbers::parse);
        if (given.isPresent() && number.isEmpty()) {
            invalid(ErrorCode.INVALID_INPUT, "created_by", "A valid integer is required.");
        }
        return number.map(value -> value < 0 ? NOBODY : UserId.of(value));
    }

    private Inclusion internal() {
        String given = query.text("internal").orElse("false");
        if (given.equals("all") && isLater()) {
            return Inclusion.ALL;
        }
        if (!given.equals("true") && !given.equals("false")) {
            invalid(ErrorCode.INVALID_INPUT, "internal", "Must be a valid boolean.");
        }
        return given.equals("true") ? Inclusion.ONLY : Inclusion.EXCLUDE;
    }

    private Inclusion archived() {
        String given = query.text("archived").filter(any -> isLater()).orElse("false");
        return switch (given) {
            case "true" -> Inclusion.ONLY;
            case "false" -> Inclusion.EXCLUDE;
            case "all" -> Inclusion.ALL;
            default -> {
                invalidChoice("archived", given);
                yield Inclusion.EXCLUDE;
            }
        };
    }

    private Optional<String> excludedOrigin() {
        Optional<String> given = query.text("exclude_origin_product").filter(any -> isLater());
        given.filter(origin -> OriginProduct.fromWire(origin).isEmpty())
                .ifPresent(origin -> invalidChoice("exclude_origin_product", origin));
        return given;
    }

    private boolean isLater() {
        return profile.includes(ApiProfile.V2026_09);
    }

    private Optional<RunStatus> status() {
        Optional<String> given = query.text("status");
        Optional<RunStatus> status = given.flatMap(RunStatus::fromWire);
        if (given.isPresent() && status.isEmpty()) {
            invalidChoice("status", given.get());
        }
        return status;
    }

    private Optional<String> text(String name) {
        Optional<String> given = query.text(name);
        if (given.isPresent() && given.get().indexOf('\0') >= 0) {
            invalid(ErrorCode.INVALID_INPUT, name, "Null characters are not allowed.");
        }
        return given;
    }

    private void invalidChoice(String name, String given) {
        invalid(
                ErrorCode.INVALID_CHOICE,
                name,
                '"' + Text.abbreviate(given) + "\" is not a valid choice.");
    }

    private void invalid(ErrorCode code, String name, String detail) {
        violations.add(Violation.of(code, name, detail));
    }
}
