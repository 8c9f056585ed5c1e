package dev.errand.internal.dispatch;

import dev.errand.dispatch.DispatchOptions;
import dev.errand.internal.engine.Engine;
import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.run.RunEvent;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.RunQueue;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.SettleAndClaimResult;
import dev.errand.spi.store.Settlement;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskId;
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
 * Claims runs from the queue, and writes the final changes of other runs of this dispatcher in the
 * same transaction.
 */
final class QueueClient {

    private static final Logger LOG = LoggerFactory.getLogger(QueueClient.class);

    private final Engine engine;
    private final DispatchOptions options;

    QueueClient(Engine engine, DispatchOptions options) {
        this.engine = engine;
        this.options = options;
    }

    /**
     * Result of {@link #settleAndClaim}.
     *
     * @param results one result for each settlement, in their order; empty if it is unknown whether
     *     the settlement was written
     * @param claimed the claimed runs
     */
    record SettledAndClaimed(List<Optional<RunUpdateResult>> results, List<LeasedRun> claimed) {}

    /**
     * Writes final changes, if any, and claims up to {@code max} runs in the same step; none if
     * {@code max} is 0 or less.
     *
     * <p>If settlements cannot be written together, all results are unknown and nothing is claimed:
     * the caller writes each alone, so that none prevents the others.
     */
    SettledAndClaimed settleAndClaim(List<PendingSettlement> settlements, int max) {
        if (settlements.isEmpty()) {
            return new SettledAndClaimed(List.of(), max > 0 ? claim(max) : List.of());
        }
        // A run whose lease was lost and that was claimed again may have two settlements; only the
        // first is written.
        Map<RunId, PendingSettlement> byRun = new LinkedHashMap<>();
        settlements.forEach(each -> byRun.putIfAbsent(each.change().after().run().id(), each));
        List<Settlement> written =
                byRun.values().stream().map(each -> new Settlement(each.change())).toList();
        SettleAndClaimResult result;
        try {
            result =
                    engine.events()
                            .commitAndPublish(
                                    () -> List.copyOf(byRun.keySet()),
                                    () -> write(written, max),
                                    done -> events(written, done.settled()));
        } catch (RuntimeException failure) {
            LOG.warn(
                    "could not write {} final changes together; writing each alone: {}",
                    byRun.size(),
                    FailureText.causeOf(failure));
            LOG.debug("the failure of writing together", failure);
            return new SettledAndClaimed(
                    settlements.stream().map(each -> Optional.<RunUpdateResult>empty()).toList(),
                    List.of());
        }
        Iterator<RunUpdateResult> settled = result.settled().iterator();
        List<Optional<RunUpdateResult>> results = new ArrayList<>();
        for (PendingSettlement each : settlements) {
            boolean isWritten = byRun.get(each.change().after().run().id()) == each;
            results.add(isWritten ? Optional.of(settled.next()) : Optional.empty());
        }
        return new SettledAndClaimed(results, leasedRuns(result.claimed()));
    }

    private List<LeasedRun> claim(int max) {
        return leasedRuns(queue().claim(ProjectScope.everyProject(), request(max)));
    }

    private SettleAndClaimResult write(List<Settlement> settlements, int max) {
        return queue().settleAndClaim(
                        settlements, ProjectScope.everyProject(), request(Math.max(0, max)));
    }

    private static List<RunEvent> events(
            List<Settlement> settlements, List<RunUpdateResult> results) {
        List<RunEvent> events = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            if (results.get(i) instanceof RunUpdateResult.Updated) {
                events.addAll(settlements.get(i).change().events());
            }
        }
        return events;
    }

    private List<LeasedRun> leasedRuns(List<ClaimedRun> claimed) {
        Map<TaskId, Task> tasks = findTasks(claimed);
        return claimed.stream()
                .map(
                        each ->
                                new LeasedRun(
                                        each,
                                        Optional.ofNullable(tasks.get(each.run().task())),
                                        engine.now(),
                                        nextRenewal(engine.now(), options)))
                .toList();
    }

    /**
     * Reads the tasks of the runs that must be launched, with one list query per project. A task
     * that is missing here is read by itself later.
     */
    private Map<TaskId, Task> findTasks(List<ClaimedRun> claimed) {
        Map<ProjectId, Set<TaskId>> ids = new HashMap<>();
        for (ClaimedRun each : claimed) {
            if (each.entry().handle().isEmpty()) {
                ids.computeIfAbsent(each.run().project(), project -> new HashSet<>())
                        .add(each.run().task());
            }
        }
        Map<TaskId, Task> tasks = new HashMap<>();
        try {
            ids.forEach(
                    (project, ofProject) ->
                            listTasks(project, ofProject)
                                    .forEach(task -> tasks.put(task.id(), task)));
        } catch (RuntimeException failure) {
            LOG.warn("could not read the tasks of {} claimed runs", claimed.size(), failure);
        }
        return tasks;
    }

    private List<Task> listTasks(ProjectId project, Set<TaskId> ids) {
        List<Task> tasks = new ArrayList<>();
        PageRequest page = PageRequest.of(PageRequest.MAX_LIMIT, 0);
        Page<TaskWithLatestRun> found;
        do {
            found = engine.backend().tasks().listByIds(project, ids, page);
            found.items().forEach(each -> tasks.add(each.task()));
            page = PageRequest.of(page.limit(), page.offset() + page.limit());
        } while (page.offset() < found.total());
        return tasks;
    }

    /** Returns when a lease that is taken or renewed now is renewed next. */
    static Instant nextRenewal(Instant now, DispatchOptions options) {
        return now.plus(options.leaseDuration().dividedBy(3));
    }

    private RunQueue queue() {
        return engine.backend().queue();
    }

    private ClaimRequest request(int max) {
        return new ClaimRequest(
                options.node(), max, options.leaseDuration(), options.concurrencyLimits());
    }
}
