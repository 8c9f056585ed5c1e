package dev.errand.jdbc.crash;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** What the load did to one project, by its own journal. Not thread-safe. */
final class History {

    /** A step is begun: mark, kind, what it is on. */
    static final String BEGUN = "begun";

    /** It was acknowledged: mark, answer. */
    static final String DONE = "done";

    /** A rule refused it: mark, code. */
    static final String REFUSED = "refused";

    /** Its reply was lost: mark, failure. It stays open, or is tried again under its key. */
    static final String LOST = "lost";

    /** It ended as no step may end: mark, failure. */
    static final String WRONG = "wrong";

    private final Map<String, StepRecord> deeds = new LinkedHashMap<>();
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
                deeds.put(mark, new StepRecord(step, highestNumber));
            }
            case DONE -> {
                StepRecord deed = deeds.get(mark);
                deed.acknowledge(line.subList(2, line.size()));
                if (deed.step().kind().createsTask()) {
                    highestNumber = Math.max(highestNumber, Long.parseLong(deed.answer().get(1)));
                }
            }
            case REFUSED -> deeds.get(mark).refuse();
            case LOST -> lost++;
            case WRONG -> wrong.add(String.join(" ", line));
            default -> throw new IllegalArgumentException("no such line: " + line);
        }
    }

    Collection<StepRecord> deeds() {
        return deeds.values();
    }

    List<StepRecord> deeds(Predicate<Step.Kind> kinds) {
        return deeds.values().stream().filter(deed -> kinds.test(deed.step().kind())).toList();
    }

    Optional<StepRecord> find(String mark) {
        return Optional.ofNullable(deeds.get(mark));
    }

    /** Steps that ended as no step may end. */
    List<String> wrong() {
        return List.copyOf(wrong);
    }

    /** How many replies were lost. */
    int lost() {
        return lost;
    }

    int acknowledged() {
        return (int) deeds.values().stream().filter(StepRecord::isAcknowledged).count();
    }
}
