package dev.errand.internal.dispatch;

import static dev.errand.internal.dispatch.DispatchFacts.Sandbox.EXITED;
import static dev.errand.internal.dispatch.DispatchFacts.Sandbox.GONE;
import static dev.errand.internal.dispatch.DispatchFacts.Sandbox.RUNNING;
import static dev.errand.internal.dispatch.DispatchFacts.Sandbox.UNKNOWN;
import static dev.errand.internal.dispatch.DispatchFacts.Sandbox.UNSEEN;
import static dev.errand.internal.dispatch.DispatchFacts.Standing.ACTIVE;
import static dev.errand.internal.dispatch.DispatchFacts.Standing.ENDED;
import static dev.errand.internal.dispatch.DispatchFacts.Standing.QUEUED;
import static dev.errand.internal.dispatch.DispatchFacts.Stop.NO;
import static dev.errand.internal.dispatch.DispatchFacts.Stop.NOW;
import static dev.errand.internal.dispatch.DispatchFacts.Stop.SOON;
import static dev.errand.internal.dispatch.Overdue.NOTHING;
import static dev.errand.internal.dispatch.Overdue.QUEUE_AGE;
import static dev.errand.internal.dispatch.Overdue.RETRIES;
import static dev.errand.internal.dispatch.Overdue.RUN_TIME;
import static dev.errand.internal.dispatch.Overdue.SILENCE;
import static dev.errand.internal.dispatch.Overdue.STOP_TIME;
import static dev.errand.spi.dispatch.DispatchState.Phase.DONE;
import static dev.errand.spi.dispatch.DispatchState.Phase.LAUNCHED;
import static dev.errand.spi.dispatch.DispatchState.Phase.NONE;
import static dev.errand.spi.dispatch.DispatchState.Phase.WAITING;

import dev.errand.dispatch.Dispatcher;
import dev.errand.internal.dispatch.DispatchFacts.Sandbox;
import dev.errand.internal.dispatch.DispatchFacts.Standing;
import dev.errand.internal.dispatch.DispatchFacts.Stop;
import dev.errand.spi.dispatch.DispatchState.Phase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The protocol of dispatch (design 5) as one table: what the holder of a lease does next. Each
 * possible combination of facts is in exactly one row; building the table holds that.
 *
 * <p>The table says nothing of a launch that does not come back, for then nobody is there to look:
 * who waits for it counts it as failed ({@link Dispatcher}).
 */
public final class DispatchRules {

    // spotless:off
    private static final Map<DispatchFacts, Row> TABLE =
            new Builder()
                    //   phase                  status               stop            sandbox                       past its                  step
                    // nothing is owed
                    .row(of(NONE, DONE),        any(Standing.class), any(Stop.class), any(Sandbox.class),          of(NOTHING),              DispatchStep.LET_GO)

                    // a sandbox is owed: the launch itself finds out whether there is one
                    .row(of(WAITING),           of(QUEUED),          of(NO),         any(Sandbox.class),           of(NOTHING),              DispatchStep.LAUNCH)
                    .row(of(WAITING),           of(QUEUED),          of(NO),         any(Sandbox.class),           of(QUEUE_AGE),            DispatchStep.EXPIRE)
                    .row(of(WAITING),           of(QUEUED),          of(NO),         any(Sandbox.class),           of(RETRIES),              DispatchStep.GIVE_UP)

                    // somebody is at work already: our own agent was quick, or it is not ours
                    .row(of(WAITING),           of(ACTIVE),          of(NO),         of(UNSEEN),                   any(Overdue.class),       DispatchStep.INSPECT)
                    .row(of(WAITING),           of(ACTIVE),          of(NO),         of(RUNNING, EXITED),          any(Overdue.class),       DispatchStep.ADOPT)
                    .row(of(WAITING),           of(ACTIVE),          of(NO),         of(GONE),                     any(Overdue.class),       DispatchStep.LEAVE)
                    .row(of(WAITING),           of(ACTIVE),          of(NO),         of(UNKNOWN),                  any(Overdue.class),       DispatchStep.LOOK_AGAIN)

                    // a sandbox was launched: look at it before judging it
                    .row(of(LAUNCHED),          of(QUEUED, ACTIVE),  of(NO),         of(UNSEEN),                   any(Overdue.class),       DispatchStep.INSPECT)
                    .row(of(LAUNCHED),          of(QUEUED, ACTIVE),  of(NO),         of(RUNNING),                  of(NOTHING),              DispatchStep.WATCH)
                    .row(of(LAUNCHED),          of(QUEUED, ACTIVE),  of(NO),         of(RUNNING),                  of(SILENCE),              DispatchStep.STOP_SILENT)
                    .row(of(LAUNCHED),          of(QUEUED, ACTIVE),  of(NO),         of(RUNNING, UNKNOWN),         of(RUN_TIME),             DispatchStep.STOP_OVERTIME)
                    .row(of(LAUNCHED),          of(QUEUED, ACTIVE),  of(NO),         of(UNKNOWN),                  of(NOTHING, SILENCE),     DispatchStep.LOOK_AGAIN)
                    .row(of(LAUNCHED),          of(QUEUED, ACTIVE),  of(NO),         of(EXITED),                   any(Overdue.class),       DispatchStep.RECORD_EXIT)
                    .row(of(LAUNCHED),          of(QUEUED, ACTIVE),  of(NO),         of(GONE),                     any(Overdue.class),       DispatchStep.RECORD_GONE)

                    // it is to stop: ask, and look until it has
                    .row(of(WAITING, LAUNCHED), any(Standing.class), of(SOON, NOW),  of(UNSEEN),                   any(Overdue.class),       DispatchStep.INSPECT)
                    .row(of(WAITING, LAUNCHED), of(ENDED),           of(SOON),       of(RUNNING),                  any(Overdue.class),       DispatchStep.LET_FINISH)
                    .row(of(WAITING, LAUNCHED), of(ENDED),           of(SOON),       of(UNKNOWN),                  any(Overdue.class),       DispatchStep.LOOK_AGAIN)
                    .row(of(WAITING, LAUNCHED), any(Standing.class), of(NOW),        of(RUNNING, UNKNOWN),         of(NOTHING),              DispatchStep.STOP)
                    .row(of(WAITING, LAUNCHED), of(QUEUED, ACTIVE),  of(NOW),        of(RUNNING, UNKNOWN),         of(STOP_TIME),            DispatchStep.END_UNCONFIRMED)
                    .row(of(WAITING, LAUNCHED), of(ENDED),           of(NOW),        of(RUNNING, UNKNOWN),         of(STOP_TIME),            DispatchStep.STOP)
                    .row(of(WAITING, LAUNCHED), any(Standing.class), of(SOON, NOW),  of(EXITED),                   any(Overdue.class),       DispatchStep.RECORD_EXIT)
                    .row(of(WAITING, LAUNCHED), any(Standing.class), of(SOON, NOW),  of(GONE),                     any(Overdue.class),       DispatchStep.RECORD_GONE)
                    .build();
    // spotless:on

    private DispatchRules() {}

    /**
     * What to do next, for every combination of facts that is {@linkplain DispatchFacts#arePossible
     * possible}.
     */
    public static DispatchStep stepFor(DispatchFacts facts) {
        Row row = TABLE.get(facts);
        if (row == null) {
            throw new IllegalArgumentException(facts + " cannot be");
        }
        return row.step();
    }

    /** Each possible combination with its row, for the test that walks each of them. */
    public static Map<DispatchFacts, Row> cells() {
        return TABLE;
    }

    /** A row of the table. */
    public record Row(
            Set<Phase> phases,
            Set<Standing> standings,
            Set<Stop> stops,
            Set<Sandbox> sandboxes,
            Set<Overdue> overdue,
            DispatchStep step) {

        boolean has(DispatchFacts facts) {
            return phases.contains(facts.phase())
                    && standings.contains(facts.standing())
                    && stops.contains(facts.stop())
                    && sandboxes.contains(facts.sandbox())
                    && overdue.contains(facts.overdue());
        }
    }

    /** Every combination of facts that can be. */
    public static List<DispatchFacts> possibleFacts() {
        List<DispatchFacts> all = new ArrayList<>();
        for (Phase phase : Phase.values()) {
            for (Standing standing : Standing.values()) {
                for (Stop stop : Stop.values()) {
                    for (Sandbox sandbox : Sandbox.values()) {
                        Arrays.stream(Overdue.values())
                                .map(it -> new DispatchFacts(phase, standing, stop, sandbox, it))
                                .filter(DispatchFacts::arePossible)
                                .forEach(all::add);
                    }
                }
            }
        }
        return all;
    }

    /** Builds the table and refuses one with a gap, an overlap, or a row that nothing can be in. */
    public static final class Builder {
        private final List<Row> rows = new ArrayList<>();

        Builder row(
                Set<Phase> phases,
                Set<Standing> standings,
                Set<Stop> stops,
                Set<Sandbox> sandboxes,
                Set<Overdue> overdue,
                DispatchStep step) {
            rows.add(new Row(phases, standings, stops, sandboxes, overdue, step));
            return this;
        }

        Map<DispatchFacts, Row> build() {
            Map<DispatchFacts, Row> cells = new LinkedHashMap<>();
            for (DispatchFacts facts : possibleFacts()) {
                List<Row> matching = rows.stream().filter(row -> row.has(facts)).toList();
                if (matching.size() != 1) {
                    throw new IllegalStateException(facts + " is in rows " + matching);
                }
                cells.put(facts, matching.get(0));
            }
            rows.stream()
                    .filter(row -> !cells.containsValue(row))
                    .findFirst()
                    .ifPresent(
                            row -> {
                                throw new IllegalStateException("nothing can be in " + row);
                            });
            return Map.copyOf(cells);
        }
    }

    @SafeVarargs
    private static <E extends Enum<E>> Set<E> of(E first, E... rest) {
        EnumSet<E> all = EnumSet.of(first);
        for (E one : rest) {
            all.add(one);
        }
        return all;
    }

    private static <E extends Enum<E>> Set<E> any(Class<E> type) {
        return EnumSet.allOf(type);
    }
}
