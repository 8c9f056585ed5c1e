package dev.errand.jdbc.crash;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The steps of a workload in one project, as recorded in its journal. Not thread-safe. */
final class History {

    /** A step begins: mark, kind, arguments. */
    static final String BEGUN = "begun";

    /** A step is acknowledged: mark, response. */
    static final String DONE = "done";

    /** A step is rejected by a rule: mark, error code. */
    static final String REFUSED = "refused";

    /** The response is lost: mark, failure. The step remains open, or is repeated under its key. */
    static final String LOST = "lost";

    /** The step ended in an unexpected way: mark, failure. */
    static final String WRONG = "wrong";

    private final Map<String, StepRecord> steps = new LinkedHashMap<>();
    private final List<String> wrong = new ArrayList<>();
    private long highestNumber = -1;
    private int lost;

    /** Reads a journal. */
    static History read(Path journal) {
        History history = new History();
        Journal.read(journal).forEach(history::add);
        return history;
    }

    private void add(List<String> line) {
        String mark = line.get(1);
        switch (line.get(0)) {
            case BEGUN -> {
                Step step =
                        new Step(
                                mark, Step.Kind.valueOf(line.get(2)), line.subList(3, line.size()));
                steps.put(mark, new StepRecord(step, highestNumber));
            }
            case DONE -> {
                StepRecord record = steps.get(mark);
                record.acknowledge(line.subList(2, line.size()));
                if (record.step().kind().createsTask()) {
                    highestNumber = Math.max(highestNumber, Long.parseLong(record.answer().get(1)));
                }
            }
            case REFUSED -> steps.get(mark).refuse();
            case LOST -> lost++;
            case WRONG -> wrong.add(String.join(" ", line));
            default -> throw new IllegalArgumentException("unknown journal line: " + line);
        }
    }

    Collection<StepRecord> steps() {
        return steps.values();
    }

    List<StepRecord> steps(Predicate<Step.Kind> kinds) {
        return steps.values().stream().filter(record -> kinds.test(record.step().kind())).toList();
    }

    Optional<StepRecord> find(String mark) {
        return Optional.ofNullable(steps.get(mark));
    }

    /** Returns the steps that ended in an unexpected way. */
    List<String> wrong() {
        return List.copyOf(wrong);
    }

    /** Returns the number of lost responses. */
    int lost() {
        return lost;
    }

    int acknowledged() {
        return (int) steps.values().stream().filter(StepRecord::isAcknowledged).count();
    }
}
