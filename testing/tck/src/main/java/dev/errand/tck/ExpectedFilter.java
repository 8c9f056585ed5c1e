package dev.errand.tck;

import dev.errand.spi.UserId;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.RepositoryMatch;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.store.TaskSearch;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A builder for a filter together with an independent implementation of its meaning. The
 * implementation follows docs/wire/tasks.md#d1, tests one task at a time, and uses none of the
 * types under test.
 */
final class ExpectedFilter {

    private static final Pattern NUMBER_AT_END = Pattern.compile("(?:.*-)?([0-9]+)");

    private boolean internal;
    private Optional<Long> creator = Optional.empty();
    private Optional<String> organization = Optional.empty();
    private Optional<String> origin = Optional.empty();
    private Optional<String> repository = Optional.empty();
    private Optional<String> search = Optional.empty();
    private Optional<String> stage = Optional.empty();
    private Optional<RunStatus> status = Optional.empty();

    /** The conditions of a filter. */
    enum Kind {
        INTERNAL,
        CREATOR,
        ORGANIZATION,
        ORIGIN,
        REPOSITORY,
        SHORT_NAME,
        SEARCH,
        STAGE,
        STATUS
    }

    ExpectedFilter with(Kind kind, Random random) {
        return switch (kind) {
            case INTERNAL -> internal();
            case CREATOR -> creator(random.nextInt(4));
            case ORGANIZATION -> organization(SampleValues.any(SampleValues.ORGANIZATIONS, random));
            case ORIGIN -> origin(SampleValues.any(SampleValues.ORIGINS, random));
            case REPOSITORY ->
                    repository(
                            SampleValues.any(List.of("acme/mobile", "a_e/%", "no/where"), random));
            case SHORT_NAME -> repository(SampleValues.any(SampleValues.SHORT_NAMES, random));
            case SEARCH -> search(SampleValues.any(SampleValues.SEARCHES, random));
            case STAGE -> stage(SampleValues.any(SampleValues.STAGES, random));
            case STATUS -> status(SampleValues.any(List.of(RunStatus.values()), random));
        };
    }

    ExpectedFilter internal() {
        internal = true;
        return this;
    }

    ExpectedFilter creator(long user) {
        creator = Optional.of(user);
        return this;
    }

    ExpectedFilter organization(String name) {
        organization = Optional.of(name);
        return this;
    }

    ExpectedFilter origin(String wire) {
        origin = Optional.of(wire);
        return this;
    }

    /**
     * Requires a repository: with a slash the full name, without a slash the name in any
     * organization.
     */
    ExpectedFilter repository(String fullOrShort) {
        repository = Optional.of(fullOrShort);
        return this;
    }

    ExpectedFilter search(String text) {
        search = Optional.of(text);
        return this;
    }

    ExpectedFilter stage(String exact) {
        stage = Optional.of(exact);
        return this;
    }

    ExpectedFilter status(RunStatus ofLatest) {
        status = Optional.of(ofLatest);
        return this;
    }

    /** Returns the filter as an argument of the port. */
    TaskFilter build() {
        return new TaskFilter(
                internal,
                creator.map(UserId::of),
                organization,
                origin,
                repository.map(
                        text ->
                                text.contains("/")
                                        ? new RepositoryMatch.FullName(text)
                                        : new RepositoryMatch.ShortName(text)),
                search.map(text -> new TaskSearch(text, numberIn(text))),
                stage,
                status);
    }

    /** Returns whether the filter matches a task with the given runs. */
    boolean accepts(TaskWithLatestRun row, Map<TaskId, List<Run>> runs) {
        Task task = row.task();
        String stored = task.details().repository().orElse("");
        return task.details().internal() == internal
                && creator.map(id -> task.createdBy().equals(Optional.of(UserId.of(id))))
                        .orElse(true)
                && organization.map(name -> stored.startsWith(name + "/")).orElse(true)
                && origin.map(task.details().originProduct().wire()::equals).orElse(true)
                && repository.map(wanted -> isRepository(wanted, stored)).orElse(true)
                && search.map(text -> isFoundBy(text, task)).orElse(true)
                && stage.map(exact -> isInStage(exact, runs.getOrDefault(task.id(), List.of())))
                        .orElse(true)
                && status.map(wanted -> row.latestRun().map(Run::status).equals(status))
                        .orElse(true);
    }

    private static boolean isRepository(String wanted, String stored) {
        return wanted.contains("/")
                ? stored.equals(wanted)
                : stored.matches("[^/]*/" + Pattern.quote(wanted));
    }

    private static boolean isFoundBy(String text, Task task) {
        String wanted = text.toLowerCase(Locale.ROOT);
        OptionalLong number = numberIn(text);
        return task.details().title().toLowerCase(Locale.ROOT).contains(wanted)
                || task.details().description().toLowerCase(Locale.ROOT).contains(wanted)
                || number.isPresent() && number.getAsLong() == task.number();
    }

    private static OptionalLong numberIn(String text) {
        Matcher matcher = NUMBER_AT_END.matcher(text);
        return matcher.matches()
                ? OptionalLong.of(Long.parseLong(matcher.group(1)))
                : OptionalLong.empty();
    }

    private static boolean isInStage(String exact, List<Run> runs) {
        return runs.stream().anyMatch(run -> run.stage().equals(Optional.of(exact)));
    }

    @Override
    public String toString() {
        return build().toString();
    }
}
