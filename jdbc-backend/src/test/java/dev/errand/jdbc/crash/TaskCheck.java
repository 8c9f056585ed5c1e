package dev.errand.jdbc.crash;

import dev.errand.spi.run.Run;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskWithLatestRun;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** I1 and I7 of tasks: every acknowledged one is there, whole, with a number of its own. */
final class TaskCheck {

    private TaskCheck() {}

    static void inspect(ProjectContents contents, History history, Violations findings) {
        Map<String, Task> found = new HashMap<>();
        Set<Long> numbers = new HashSet<>();
        for (TaskWithLatestRun each : contents.tasks()) {
            Task task = each.task();
            String mark = task.details().title();
            findings.expect(numbers.add(task.number()), "I1: number of %s came twice", task);
            findings.expect(found.put(mark, task) == null, "I7: %s was created twice", mark);
            Optional<StepRecord> deed = history.find(mark);
            findings.expect(
                    deed.isPresent()
                            && deed.get().step().kind().createsTask()
                            && task.details()
                                    .description()
                                    .equals(EngineClient.descriptionOf(deed.get().step())),
                    "I7: nobody created %s like this",
                    task);
            List<Run> runs = contents.runs().get(task.id());
            findings.expect(
                    each.latestRun().equals(runs.stream().max(Run.BY_AGE)),
                    "I7: the latest run of %s is not %s",
                    mark,
                    each.latestRun());
        }
        for (StepRecord deed : history.deeds(Step.Kind::createsTask)) {
            inspect(deed, Optional.ofNullable(found.get(deed.step().mark())), findings);
        }
    }

    private static void inspect(StepRecord deed, Optional<Task> task, Violations findings) {
        String mark = deed.step().mark();
        if (deed.isAcknowledged()) {
            List<String> stands =
                    task.map(it -> List.of(it.id().toString(), Long.toString(it.number())))
                            .orElse(List.of("nothing"));
            findings.expect(
                    stands.equals(deed.answer()),
                    "I7: %s was acknowledged as %s, but stands as %s",
                    mark,
                    deed.answer(),
                    stands);
        }
        task.ifPresent(
                it ->
                        findings.expect(
                                it.number() > deed.floor(),
                                "I1: %s came after number %s and has %s",
                                mark,
                                deed.floor(),
                                it.number()));
    }
}
