package dev.errand.internal.dispatch;

import static dev.errand.internal.dispatch.DispatchFacts.Sandbox.EXITED;
import static dev.errand.internal.dispatch.DispatchFacts.Sandbox.GONE;
import static dev.errand.internal.dispatch.DispatchFacts.Sandbox.LIMITED;
import static dev.errand.internal.dispatch.DispatchFacts.Sandbox.NOT_INSPECTED;
import static dev.errand.internal.dispatch.DispatchFacts.Sandbox.RUNNING;
import static dev.errand.internal.dispatch.DispatchFacts.Sandbox.UNKNOWN;
import static dev.errand.internal.dispatch.DispatchFacts.StatusGroup.ENDED;
import static dev.errand.internal.dispatch.DispatchFacts.StatusGroup.QUEUED;
import static dev.errand.internal.dispatch.DispatchFacts.StatusGroup.STARTED;
import static dev.errand.internal.dispatch.DispatchFacts.Stop.NO;
import static dev.errand.internal.dispatch.DispatchFacts.Stop.NOW;
import static dev.errand.internal.dispatch.DispatchFacts.Stop.SOON;
import static dev.errand.internal.dispatch.ExceededLimit.INACTIVITY;
import static dev.errand.internal.dispatch.ExceededLimit.LAUNCH_RETRIES;
import static dev.errand.internal.dispatch.ExceededLimit.NO_LIMIT;
import static dev.errand.internal.dispatch.ExceededLimit.QUEUE_TIME;
import static dev.errand.internal.dispatch.ExceededLimit.STOP_CONFIRMATION;
import static dev.errand.internal.dispatch.ExceededLimit.TOTAL_TIME;
import static dev.errand.internal.dispatch.ExceededLimit.UNANSWERED_PERMISSION;
import static dev.errand.spi.run.QueueEntry.Phase.LAUNCHED;
import static dev.errand.spi.run.QueueEntry.Phase.WAITING;

import dev.errand.internal.dispatch.DispatchFacts.Sandbox;
import dev.errand.internal.dispatch.DispatchFacts.StatusGroup;
import dev.errand.internal.dispatch.DispatchFacts.Stop;
import dev.errand.internal.dispatch.DispatchFacts.UnrecordedLaunch;
import dev.errand.spi.run.QueueEntry.Phase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The dispatch protocol as one table: the next step of the lease holder for each possible
 * combination of facts. Each combination matches exactly one row, which is checked when the table
 * is built.
 *
 * <p>A launch that does not return is not in the table, because the thread that would read it is
 * blocked: {@link RunSupervisor#abandon} counts such a launch as failed.
 */
final class DispatchRules {

    // spotless:off
    private static final Map<DispatchFacts, Row> TABLE =
            new Builder()
                    //   phase                  status                  stop             sandbox               exceeded                       step
                    // no sandbox is recorded, and none was launched
                    .row(of(WAITING),           of(QUEUED),             of(NO),          any(Sandbox.class),   of(NO_LIMIT),                  DispatchStep.LAUNCH)
                    .row(of(WAITING),           of(QUEUED),             of(NO),          any(Sandbox.class),   of(QUEUE_TIME),                DispatchStep.FAIL_EXPIRED)
                    .row(of(WAITING),           of(QUEUED),             of(NO),          any(Sandbox.class),   of(LAUNCH_RETRIES),            DispatchStep.FAIL_LAUNCH)

                    // no sandbox is recorded, but one may have been launched: one that lives is kept, even if it is late
                    .unrecorded(of(NOT_INSPECTED),                                                              any(ExceededLimit.class),      DispatchStep.INSPECT)
                    .unrecorded(of(RUNNING, EXITED, LIMITED),                                                   any(ExceededLimit.class),      DispatchStep.RECORD_MISSED_LAUNCH)
                    .unrecorded(of(GONE),                                                                       of(NO_LIMIT),                  DispatchStep.SUPERSEDE)
                    .unrecorded(of(UNKNOWN),                                                                    of(NO_LIMIT),                  DispatchStep.RETRY_LATER)
                    .unrecorded(of(GONE, UNKNOWN),                                                              of(QUEUE_TIME),                DispatchStep.FAIL_EXPIRED)
                    .unrecorded(of(GONE, UNKNOWN),                                                              of(LAUNCH_RETRIES),            DispatchStep.FAIL_LAUNCH)

                    // an agent updated the run before a launch was recorded: one in a sandbox, or an external one
                    .row(of(WAITING),           of(STARTED),            of(NO),          of(NOT_INSPECTED),    any(ExceededLimit.class),      DispatchStep.INSPECT)
                    .row(of(WAITING),           of(STARTED),            of(NO),          of(RUNNING, EXITED, LIMITED), any(ExceededLimit.class), DispatchStep.RECORD_MISSED_LAUNCH)
                    .row(of(WAITING),           of(STARTED),            of(NO),          of(GONE),             any(ExceededLimit.class),      DispatchStep.LEAVE_TO_EXTERNAL_AGENT)
                    .row(of(WAITING),           of(STARTED),            of(NO),          of(UNKNOWN),          any(ExceededLimit.class),      DispatchStep.RETRY_LATER)

                    // a sandbox was launched: inspect it before deciding
                    .row(of(LAUNCHED),          of(QUEUED, STARTED),    of(NO),          of(NOT_INSPECTED),    any(ExceededLimit.class),      DispatchStep.INSPECT)
                    .row(of(LAUNCHED),          of(QUEUED, STARTED),    of(NO),          of(RUNNING),          of(NO_LIMIT),                  DispatchStep.KEEP_RUNNING)
                    .row(of(LAUNCHED),          of(QUEUED, STARTED),    of(NO),          of(RUNNING),          of(INACTIVITY),                DispatchStep.STOP_INACTIVE)
                    .row(of(LAUNCHED),          of(QUEUED, STARTED),    of(NO),          of(RUNNING),          of(UNANSWERED_PERMISSION),     DispatchStep.APPLY_PERMISSION_POLICY)
                    .row(of(LAUNCHED),          of(QUEUED, STARTED),    of(NO),          of(RUNNING, UNKNOWN), of(TOTAL_TIME),                DispatchStep.STOP_TIMED_OUT)
                    .row(of(LAUNCHED),          of(QUEUED, STARTED),    of(NO),          of(UNKNOWN),          of(NO_LIMIT, INACTIVITY, UNANSWERED_PERMISSION), DispatchStep.RETRY_LATER)
                    .row(of(LAUNCHED),          of(QUEUED, STARTED),    of(NO),          of(EXITED),           any(ExceededLimit.class),      DispatchStep.RECORD_EXIT)
                    .row(of(LAUNCHED),          of(QUEUED, STARTED),    of(NO),          of(LIMITED),          any(ExceededLimit.class),      DispatchStep.WAIT_FOR_PROVIDER)
                    .row(of(LAUNCHED),          of(QUEUED, STARTED),    of(NO),          of(GONE),             any(ExceededLimit.class),      DispatchStep.RECORD_GONE)

                    // the sandbox must stop: request it until it has stopped
                    .row(any(Phase.class),       any(StatusGroup.class), of(SOON, NOW),   of(NOT_INSPECTED),    any(ExceededLimit.class),      DispatchStep.INSPECT)
                    .row(any(Phase.class),       of(ENDED),              of(SOON),        of(RUNNING),          any(ExceededLimit.class),      DispatchStep.ALLOW_FINISH)
                    .row(any(Phase.class),       of(ENDED),              of(SOON),        of(UNKNOWN),          any(ExceededLimit.class),      DispatchStep.RETRY_LATER)
                    .row(any(Phase.class),       any(StatusGroup.class), of(NOW),         of(RUNNING, UNKNOWN), of(NO_LIMIT),                  DispatchStep.STOP)
                    .row(any(Phase.class),       of(QUEUED, STARTED),    of(NOW),         of(RUNNING, UNKNOWN), of(STOP_CONFIRMATION),         DispatchStep.END_UNCONFIRMED)
                    .row(any(Phase.class),       of(ENDED),              of(NOW),         of(RUNNING, UNKNOWN), of(STOP_CONFIRMATION),         DispatchStep.STOP)
                    .row(any(Phase.class),       any(StatusGroup.class), of(SOON, NOW),   of(EXITED, LIMITED),  any(ExceededLimit.class),      DispatchStep.RECORD_EXIT)
                    .row(any(Phase.class),       any(StatusGroup.class), of(SOON, NOW),   of(GONE),             any(ExceededLimit.class),      DispatchStep.RECORD_GONE)
                    .build();
    // spotless:on

    private DispatchRules() {}

    /**
     * Returns the next step.
     *
     * @throws IllegalArgumentException if the facts are not {@linkplain DispatchFacts#isPossible
     *     possible}
     */
    static DispatchStep stepFor(DispatchFacts facts) {
        Row row = TABLE.get(facts);
        if (row == null) {
            throw new IllegalArgumentException("impossible combination: " + facts);
        }
        return row.step();
    }

    /** Returns the row that each possible combination of facts matches. */
    static Map<DispatchFacts, Row> rowsByFacts() {
        return TABLE;
    }

    /** A row of the table: a set of allowed values for each fact. */
    record Row(
            Set<Phase> phases,
            Set<StatusGroup> statuses,
            Set<Stop> stops,
            Set<Sandbox> sandboxes,
            Set<ExceededLimit> exceeded,
            Set<UnrecordedLaunch> launches,
            DispatchStep step) {

        boolean matches(DispatchFacts facts) {
            return phases.contains(facts.phase())
                    && statuses.contains(facts.status())
                    && stops.contains(facts.stop())
                    && sandboxes.contains(facts.sandbox())
                    && exceeded.contains(facts.exceeded())
                    && launches.contains(facts.launch());
        }
    }

    /** Returns every possible combination of facts. */
    static List<DispatchFacts> possibleFacts() {
        List<DispatchFacts> all = new ArrayList<>();
        for (Phase phase : Phase.values()) {
            for (StatusGroup status : StatusGroup.values()) {
                for (Stop stop : Stop.values()) {
                    for (Sandbox sandbox : Sandbox.values()) {
                        for (UnrecordedLaunch launch : UnrecordedLaunch.values()) {
                            Arrays.stream(ExceededLimit.values())
                                    .map(
                                            it ->
                                                    new DispatchFacts(
                                                            phase, status, stop, sandbox, it,
                                                            launch))
                                    .filter(DispatchFacts::isPossible)
                                    .forEach(all::add);
                        }
                    }
                }
            }
        }
        return all;
    }

    /** Builds the table; rejects gaps, overlaps, and rows that match no possible facts. */
    static final class Builder {
        private final List<Row> rows = new ArrayList<>();

        Builder row(
                Set<Phase> phases,
                Set<StatusGroup> statuses,
                Set<Stop> stops,
                Set<Sandbox> sandboxes,
                Set<ExceededLimit> exceeded,
                DispatchStep step) {
            Set<UnrecordedLaunch> none = of(UnrecordedLaunch.IMPOSSIBLE);
            return add(new Row(phases, statuses, stops, sandboxes, exceeded, none, step));
        }

        /** Adds a row for queued runs of which an unrecorded launch is possible. */
        Builder unrecorded(Set<Sandbox> sandboxes, Set<ExceededLimit> exceeded, DispatchStep step) {
            Set<UnrecordedLaunch> possible = of(UnrecordedLaunch.POSSIBLE);
            return add(
                    new Row(of(WAITING), of(QUEUED), of(NO), sandboxes, exceeded, possible, step));
        }

        Builder add(Row row) {
            rows.add(row);
            return this;
        }

        Map<DispatchFacts, Row> build() {
            Map<DispatchFacts, Row> rowsByFacts = new LinkedHashMap<>();
            for (DispatchFacts facts : possibleFacts()) {
                List<Row> matching = rows.stream().filter(row -> row.matches(facts)).toList();
                if (matching.size() != 1) {
                    throw new IllegalStateException(facts + " matches rows " + matching);
                }
                rowsByFacts.put(facts, matching.get(0));
            }
            rows.stream()
                    .filter(row -> !rowsByFacts.containsValue(row))
                    .findFirst()
                    .ifPresent(
                            row -> {
                                throw new IllegalStateException("no possible facts match " + row);
                            });
            return Map.copyOf(rowsByFacts);
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
