package dev.errand.jdbc.crash;

import dev.errand.spi.run.Run;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.Task;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Checks docs/invariants.md#i1, #i7 of tasks: every acknowledged task is stored completely and has
 * a unique number.
 */
final class TaskCheck {

    private TaskCheck() {}

    static void check(ProjectContents contents, History history, Violations violations) {
        Map<String, Task> found = new HashMap<>();
        Set<Long> numbers = new HashSet<>();
        for (TaskWithLatestRun each : contents.tasks()) {
            Task task = each.task();
            String mark = task.details().title();
            violations.expect(
                    numbers.add(task.number()), "I1: the number of %s is not unique", task);
            violations.expect(found.put(mark, task) == null, "I7: %s was created twice", mark);
            Optional<StepRecord> record = history.find(mark);
            violations.expect(
                    record.isPresent()
                            && record.get().step().kind().createsTask()
                            && task.details()
                                    .description()
                                    .equals(EngineClient.descriptionOf(record.get().step())),
                    "I7: no request created %s in this form",
                    task);
            List<Run> runs = contents.runs().get(task.id());
            violations.expect(
                    each.latestRun().equals(runs.stream().max(Run.BY_AGE)),
                    "I7: the latest run of %s is not %s",
                    mark,
                    each.latestRun());
        }
        for (StepRecord record : history.steps(Step.Kind::createsTask)) {
            check(record, Optional.ofNullable(found.get(record.step().mark())), violations);
        }
    }

    private static void check(StepRecord record, Optional<Task> task, Violations violations) {
        String mark = record.step().mark();
        if (record.isAcknowledged()) {
            List<String> stored =
                    task.map(it -> List.of(it.id().toString(), Long.toString(it.number())))
                            .orElse(List.of("nothing"));
            violations.expect(
                    stored.equals(record.answer()),
                    "I7: %s was acknowledged as %s, but stored as %s",
                    mark,
                    record.answer(),
                    stored);
        }
        task.ifPresent(
                it ->
                        violations.expect(
                                it.number() > record.floor(),
                                "I1: %s was created after number %s, but has number %s",
                                mark,
                                record.floor(),
                                it.number()));
    }
}
