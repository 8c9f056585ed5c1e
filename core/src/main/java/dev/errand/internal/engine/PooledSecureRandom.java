package dev.errand.internal.engine;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Random;

/**
 * Unpredictable randomness without a lock that all threads share: each thread draws a supply from
 * its own secure source and hands it out piece by piece.
 */
public final class PooledSecureRandom extends Random {

    private static final long serialVersionUID = 1L;
    private static final int SUPPLY = 4_096;

    private static final ThreadLocal<Supply> SUPPLIES = ThreadLocal.withInitial(Supply::new);

    /** Makes a source; all of them share the supplies of a thread. */
    public PooledSecureRandom() {
        super(0);
    }

    @Override
    protected int next(int bits) {
        return SUPPLIES.get().nextInt() >>> (Integer.SIZE - bits);
    }

    @Override
    public void nextBytes(byte[] bytes) {
        SUPPLIES.get().fill(bytes);
    }

    @Override
    public synchronized void setSeed(long seed) {
        // Nothing to seed: the superclass calls this from its constructor.
    }

    private static final class Supply {
        private final SecureRandom source = new SecureRandom();
        private final byte[] bytes = new byte[SUPPLY];
        private int used = SUPPLY;

        private int nextInt() {
            if (used + Integer.BYTES > SUPPLY) {
                source.nextBytes(bytes);
                used = 0;
            }
            int value = 0;
            for (int i = 0; i < Integer.BYTES; i++) {
                value = value << Byte.SIZE | bytes[used] & 0xff;
                bytes[used++] = 0; // What was handed out is not kept.
            }
            return value;
        }

        private void fill(byte[] target) {
            int filled = 0;
            while (filled < target.length) {
                if (used == SUPPLY) {
                    source.nextBytes(bytes);
                    used = 0;
                }
                int count = Math.min(target.length - filled, SUPPLY - used);
                System.arraycopy(bytes, used, target, filled, count);
                Arrays.fill(bytes, used, used + count, (byte) 0); // Nor is this kept.
                used += count;
                filled += count;
            }
        }
    }
}
