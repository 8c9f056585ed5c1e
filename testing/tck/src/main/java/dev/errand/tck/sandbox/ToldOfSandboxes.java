package dev.errand.tck.sandbox;

import dev.errand.spi.dispatch.SandboxId;
import dev.errand.spi.dispatch.SandboxListener;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Keeps what a launcher tells of its sandboxes. Thread-safe. */
final class ToldOfSandboxes implements SandboxListener {

    private record Line(SandboxId sandbox, Source source, String text) {}

    private final List<Line> printed = new ArrayList<>();
    private final Set<SandboxId> ended = new HashSet<>();
    private boolean printedAfterEnd;
    private int refusals;

    @Override
    public synchronized void onOutput(SandboxId sandbox, Source source, List<String> lines) {
        if (refusals > 0) {
            refusals--;
            throw new IllegalStateException("not now");
        }
        printedAfterEnd |= ended.contains(sandbox);
        lines.forEach(text -> printed.add(new Line(sandbox, source, text)));
    }

    @Override
    public synchronized void onExit(SandboxId sandbox) {
        ended.add(sandbox);
    }

    /** From here on so many batches of lines are refused. */
    synchronized void refuse(int batches) {
        refusals = batches;
    }

    synchronized boolean isStillToRefuse() {
        return refusals > 0;
    }

    synchronized List<String> printed(SandboxId sandbox, Source source) {
        return printed.stream()
                .filter(line -> line.sandbox().equals(sandbox) && line.source() == source)
                .map(Line::text)
                .toList();
    }

    synchronized boolean hasEnded(SandboxId sandbox) {
        return ended.contains(sandbox);
    }

    synchronized boolean wasPrintedAfterEnd() {
        return printedAfterEnd;
    }
}
