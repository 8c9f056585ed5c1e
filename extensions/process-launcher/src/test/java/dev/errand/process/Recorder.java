package dev.errand.process;

import dev.errand.spi.dispatch.SandboxId;
import dev.errand.spi.dispatch.SandboxListener;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A listener that keeps what it is told; of the sandboxes of one test, whichever they are. */
class Recorder implements SandboxListener {

    private final List<String> output = new ArrayList<>();
    private final List<String> error = new ArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private boolean toldAfterEnd;

    @Override
    public synchronized void onOutput(SandboxId sandbox, Source source, List<String> lines) {
        toldAfterEnd |= ended.getCount() == 0;
        (source == Source.STDOUT ? output : error).addAll(lines);
        notifyAll();
    }

    @Override
    public void onExit(SandboxId sandbox) {
        ended.countDown();
    }

    synchronized List<String> output() {
        return List.copyOf(output);
    }

    synchronized List<String> error() {
        return List.copyOf(error);
    }

    synchronized boolean wasToldAfterEnd() {
        return toldAfterEnd;
    }

    boolean hasEnded() {
        return ended.getCount() == 0;
    }

    /** Waits for the end. */
    void awaitEnd() throws InterruptedException {
        if (!ended.await(20, TimeUnit.SECONDS)) {
            throw new AssertionError("not ended; printed so far: " + output() + error());
        }
    }

    /** Waits until a line was printed that begins like this, and answers the rest of it. */
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
