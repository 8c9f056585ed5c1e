package dev.errand.process;

import dev.errand.spi.JsonText;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.sandbox.SandboxListener;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A listener that records all calls. A test uses it for its sandboxes. */
class RecordingListener implements SandboxListener {

    private final List<String> output = new ArrayList<>();
    private final List<String> error = new ArrayList<>();
    private final List<JsonText> entries = new ArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private boolean printedAfterEnd;

    @Override
    public synchronized void onOutput(SandboxId sandbox, Source source, List<String> lines) {
        printedAfterEnd |= ended.getCount() == 0;
        (source == Source.STDOUT ? output : error).addAll(lines);
        notifyAll();
    }

    @Override
    public synchronized void onLogEntries(SandboxId sandbox, List<JsonText> batch) {
        printedAfterEnd |= ended.getCount() == 0;
        entries.addAll(batch);
        notifyAll();
    }

    @Override
    public void onExit(SandboxId sandbox) {
        ended.countDown();
    }

    synchronized List<String> output() {
        return List.copyOf(output);
    }

    synchronized List<JsonText> entries() {
        return List.copyOf(entries);
    }

    synchronized List<String> error() {
        return List.copyOf(error);
    }

    synchronized boolean hasPrintedAfterEnd() {
        return printedAfterEnd;
    }

    boolean hasEnded() {
        return ended.getCount() == 0;
    }

    /** Waits for the end of the sandbox. */
    void awaitEnd() throws InterruptedException {
        if (!ended.await(20, TimeUnit.SECONDS)) {
            throw new AssertionError("not ended; printed so far: " + output() + error());
        }
    }

    /** Waits for an output line with this prefix and returns the rest of the line. */
    synchronized String awaitLine(String prefix) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            for (String line : output) {
                if (line.startsWith(prefix)) {
                    return line.substring(prefix.length()).strip();
                }
            }
            long left = until - System.nanoTime();
            if (left <= 0) {
                throw new AssertionError("no line " + prefix + " in " + output + error);
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }
}
