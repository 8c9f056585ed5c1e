package dev.errand.memory;

import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock for sections that last less than it takes to fall asleep: whoever waits looks again a few
 * times before it lets its thread be parked. A monitor decides by itself whether to do so, and
 * where it decided against it, two threads did half the work of one.
 */
final class ShortLock extends ReentrantLock {

    private static final long serialVersionUID = 1L;
    private static final int LOOKS = 200;

    @Override
    public void lock() {
        for (int i = 0; i < LOOKS; i++) {
            if (tryLock()) {
                return;
            }
            Thread.onSpinWait();
        }
        super.lock();
    }
}
