package dev.errand.tck.sandbox;

import dev.errand.spi.JsonText;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.sandbox.SandboxListener;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Records the output and exits that a launcher reports. Thread-safe. */
final class RecordingSandboxListener implements SandboxListener {

    private record Line(SandboxId sandbox, Source source, String text) {}

    private final List<Line> lines = new ArrayList<>();
    private final Set<SandboxId> exited = new HashSet<>();
    private boolean outputAfterExit;
    private int rejections;

    @Override
    public synchronized void onOutput(SandboxId sandbox, Source source, List<String> lines) {
        if (rejections > 0) {
            rejections--;
            throw new IllegalStateException("rejected by the test");
        }
        outputAfterExit |= exited.contains(sandbox);
        lines.forEach(text -> this.lines.add(new Line(sandbox, source, text)));
    }

    @Override
    public synchronized void onLogEntries(SandboxId sandbox, List<JsonText> entries) {
        outputAfterExit |= exited.contains(sandbox);
    }

    @Override
    public synchronized void onExit(SandboxId sandbox) {
        exited.add(sandbox);
    }

    /** Rejects the next batches of lines. */
    synchronized void rejectNextBatches(int batches) {
        rejections = batches;
    }

    synchronized boolean isStillRejecting() {
        return rejections > 0;
    }

    synchronized List<String> lines(SandboxId sandbox, Source source) {
        return lines.stream()
                .filter(line -> line.sandbox().equals(sandbox) && line.source() == source)
                .map(Line::text)
                .toList();
    }

    synchronized boolean hasExited(SandboxId sandbox) {
        return exited.contains(sandbox);
    }

    synchronized boolean hasOutputAfterExit() {
        return outputAfterExit;
    }
}
