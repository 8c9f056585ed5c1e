package dev.errand.internal.dispatch;

import dev.errand.dispatch.DispatchOptions;
import dev.errand.internal.engine.Engine;
import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.dispatch.ClaimRequest;
import dev.errand.spi.dispatch.ClaimedRun;
import dev.errand.spi.dispatch.RunQueue;
import dev.errand.spi.dispatch.SettleAndClaimResult;
import dev.errand.spi.dispatch.Settlement;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEvent;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunUpdateResult;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskId;
import dev.errand.spi.task.TaskWithLatestRun;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a dispatcher asks of the queue: to claim runs, and to write the ends of others in the same
 * step.
 *
 * <p>Where sandboxes end as soon as they are launched, a slot is free again before the next claim
 * comes back; then as many more runs are claimed as ended so, within bounds. They wait for a slot
 * under their leases, and go back if none comes free. Where there are limits nothing is claimed
 * ahead: it would take a place that others can use.
 */
public final class Turns {

    private static final Logger LOG = LoggerFactory.getLogger(Turns.class);

    /** How many runs may wait for each slot. */
    private static final int AHEAD = 7;

    private final Engine engine;
    private final DispatchOptions options;
    private final Roster roster;

    public Turns(Engine engine, DispatchOptions options, Roster roster) {
        this.engine = engine;
        this.options = options;
        this.roster = roster;
    }

    /**
     * What came of a turn.
     *
     * @param answers one for each end, in their order; nothing where it is not known
     * @param claimed the runs to begin
     */
    public record Turn(List<Optional<RunUpdateResult>> answers, List<Supervised> claimed) {}

    /** How many runs there is room for, once these ends are written; 0 or less for none. */
    public int room(List<Settling> settlings) {
        if (!options.limits().areNone()) {
            return roster.free();
        }
        long atOnce = settlings.stream().filter(Settling::isAtOnce).count();
        return roster.free() + (int) Math.min(atOnce, (long) AHEAD * options.slots());
    }

    /** Claims at most so many runs; none for 0 or less. */
    public List<Supervised> claim(int max) {
        return max <= 0
                ? List.of()
                : supervised(queue().claim(ProjectScope.everyProject(), request(max)));
    }

    /**
     * Writes ends and claims at most so many runs. Where that fails nobody knows what came of it:
     * then each is to be written alone, so that none is hindered by another.
     */
    public Turn settleAndClaim(List<Settling> settlings, int max) {
        Map<RunId, Settling> batch = new LinkedHashMap<>();
        settlings.forEach(each -> batch.putIfAbsent(each.change().after().id(), each));
        List<Settlement> settlements =
                batch.values().stream().map(each -> new Settlement(each.change())).toList();
        SettleAndClaimResult turnover;
        try {
            turnover =
                    engine.events()
                            .commitAndPublish(
                                    () -> List.copyOf(batch.keySet()),
                                    () -> write(settlements, max),
                                    done -> events(settlements, done.settled()));
        } catch (RuntimeException failure) {
            LOG.warn("{} ends are written one by one", batch.size(), failure);
            return new Turn(
                    settlings.stream().map(each -> Optional.<RunUpdateResult>empty()).toList(),
                    List.of());
        }
        Iterator<RunUpdateResult> settled = turnover.settled().iterator();
        List<Optional<RunUpdateResult>> answers = new ArrayList<>();
        for (Settling each : settlings) {
            // Another end of the same run, under a lease that is gone, is not among them.
            boolean written = batch.get(each.change().after().id()) == each;
            answers.add(written ? Optional.of(settled.next()) : Optional.empty());
        }
        return new Turn(answers, supervised(turnover.claimed()));
    }

    private SettleAndClaimResult write(List<Settlement> settlements, int max) {
        return queue().settleAndClaim(
                        settlements, ProjectScope.everyProject(), request(Math.max(0, max)));
    }

    private static List<RunEvent> events(
            List<Settlement> settlements, List<RunUpdateResult> answers) {
        List<RunEvent> events = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            if (answers.get(i) instanceof RunUpdateResult.Updated) {
                events.addAll(settlements.get(i).change().events());
            }
        }
        return events;
    }

    private List<Supervised> supervised(List<ClaimedRun> claimed) {
        Map<RunId, Task> tasks = tasks(claimed);
        return claimed.stream()
                .map(
                        each ->
                                new Supervised(
                                        each,
                                        Optional.ofNullable(tasks.get(each.run().id())),
                                        engine.now(),
                                        nextRenewal()))
                .toList();
    }

    /** A task that is not found here is asked for again by who needs it. */
    private Map<RunId, Task> tasks(List<ClaimedRun> claimed) {
        List<Run> runs =
                claimed.stream()
                        .map(ClaimedRun::run)
                        .filter(run -> run.dispatch().handle().isEmpty())
                        .toList();
        try {
            return tasksOf(runs);
        } catch (RuntimeException failure) {
            LOG.warn("could not read the tasks of {} runs", runs.size(), failure);
            return Map.of();
        }
    }

    /** Reads the tasks of the runs, page by page and project by project. */
    private Map<RunId, Task> tasksOf(List<Run> runs) {
        Map<ProjectId, Set<TaskId>> ids = new HashMap<>();
        runs.forEach(
                run -> ids.computeIfAbsent(run.project(), p -> new HashSet<>()).add(run.task()));
        Map<TaskId, Task> tasks = new HashMap<>();
        ids.forEach(
                (project, ofProject) -> {
                    PageRequest page = PageRequest.of(PageRequest.MAX_LIMIT, 0);
                    Page<TaskWithLatestRun> found;
                    do {
                        found = engine.backend().tasks().listByIds(project, ofProject, page);
                        found.items().forEach(each -> tasks.put(each.task().id(), each.task()));
                        page = PageRequest.of(page.limit(), page.offset() + page.limit());
                    } while (page.offset() < found.total());
                });
        Map<RunId, Task> found = new HashMap<>();
        for (Run run : runs) {
            Task task = tasks.get(run.task());
            if (task != null) {
                found.put(run.id(), task);
            }
        }
        return found;
    }

    /** When a lease that was just taken is to be renewed. */
    public Instant nextRenewal() {
        return engine.now().plus(options.leaseFor().dividedBy(3));
    }

    private RunQueue queue() {
        return engine.backend().queue();
    }

    private ClaimRequest request(int max) {
        return new ClaimRequest(options.node(), max, options.leaseFor(), options.limits());
    }
}
