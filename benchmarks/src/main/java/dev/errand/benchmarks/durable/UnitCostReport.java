package dev.errand.benchmarks.durable;

import dev.errand.benchmarks.durable.LifecycleCandidate.Window;
import java.io.PrintStream;
import java.util.List;

/** Measures what PostgreSQL writes for a unit of Errand and of the baseline. */
final class UnitCostReport {

    private static final int THREADS = 4;
    private static final RatioTarget LOG_KILOBYTES = RatioTarget.atMost(3.7);
    private static final RatioTarget INDEX_INSERTIONS = RatioTarget.atMost(16);
    private static final RatioTarget HOT_SHARE = RatioTarget.atLeast(0.95);

    private UnitCostReport() {}

    /** Returns the table in Markdown. */
    static String measure(DatabaseServer server, PrintStream out, boolean quick) throws Exception {
        DatabaseCopies copies = DatabaseCopies.prepare(server, out);
        Window window = new Window(0, quick ? 3_000 : 10_000);
        StringBuilder text =
                new StringBuilder(
                        "\n| a unit | units | commits | log, kB | full pages, kB | B-tree insertions"
                                + " | HOT share of queue updates |\n|---|---|---|---|---|---|---|\n");
        for (LifecycleCandidate candidate : candidates()) {
            UnitCost cost = UnitCost.measure(candidate, copies.next(), THREADS, window);
            text.append(
                    "| %s | %,d | %.2f | %s | %.2f | %s | %s |%n"
                            .formatted(
                                    candidate.label(),
                                    cost.units(),
                                    cost.transactions(),
                                    LOG_KILOBYTES.judge(cost.logBytes() / 1_000),
                                    cost.fullPageBytes() / 1_000,
                                    INDEX_INSERTIONS.judge(cost.indexInsertions()),
                                    HOT_SHARE.judge(cost.hotShare())));
        }
        return text.append(
                        "| target | | | %s | | %s | %s |%n"
                                .formatted(LOG_KILOBYTES, INDEX_INSERTIONS, HOT_SHARE))
                .toString();
    }

    private static List<LifecycleCandidate> candidates() {
        return List.of(
                BaselineCandidate.SEPARATE,
                ErrandCandidate.SEPARATE,
                new BaselinePool(),
                new ErrandPool(),
                BaselineCandidate.BATCHES,
                ErrandCandidate.BATCHES);
    }
}
