package dev.errand.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.errand.spi.ProjectId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.IntToLongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Numbers that threads take together. */
final class SharedNumbersTest {

    private static final ProjectId PROJECT = ProjectId.of(7);
    private static final int OTHERS = 5;

    private final SharedNumbers numbers = new SharedNumbers();
    private final Counter counter = new Counter();
    private final List<Thread> threads = new ArrayList<>();
    private final ExecutorService executor = Executors.newCachedThreadPool(this::named);

    @AfterEach
    void endThreads() {
        executor.shutdownNow();
    }

    @Test
    void whoComesMeanwhileSharesTheNextStatement() {
        CompletableFuture<Long> first = asked(1);
        counter.awaitStatement();
        List<CompletableFuture<Long>> others = othersOf(3);
        counter.proceed.countDown();

        assertThat(first.join()).isZero();
        List<Long> taken = others.stream().map(CompletableFuture::join).toList();
        assertThat(taken)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.range(0, OTHERS).map(i -> 1 + 3 * i).boxed().toList());
        assertThat(counter.counts).containsExactly(3 * OTHERS);
    }

    @Test
    void anotherProjectWaitsForNobody() {
        CompletableFuture<Long> first = asked(1);
        counter.awaitStatement();
        assertThat(numbers.next(ProjectId.of(8), 1, count -> 42)).isEqualTo(42);
        counter.proceed.countDown();
        assertThat(first.join()).isZero();
    }

    @Test
    void whereTheOneThatAsksForAllFailsEachAsksForItself() {
        CompletableFuture<Long> first = asked(1);
        counter.awaitStatement();
        counter.failsFor = OTHERS;
        List<CompletableFuture<Long>> others = othersOf(1);
        counter.proceed.countDown();

        assertThat(first.join()).isZero();
        List<CompletableFuture<Long>> failed =
                others.stream().filter(other -> failed(other)).toList();
        assertThat(failed).hasSize(1);
        assertThatThrownBy(failed.get(0)::join).hasCauseInstanceOf(IllegalStateException.class);
        assertThat(counter.counts).contains(OTHERS).hasSize(OTHERS);
        assertThat(others.stream().filter(other -> !failed.contains(other)))
                .extracting(CompletableFuture::join)
                .doesNotHaveDuplicates()
                .hasSize(OTHERS - 1);
        assertThat(numbers.next(PROJECT, 1, count -> 42)).isEqualTo(42);
    }

    private static boolean failed(CompletableFuture<Long> asked) {
        try {
            asked.join();
            return false;
        } catch (CompletionException e) {
            return true;
        }
    }

    private Thread named(Runnable work) {
        Thread thread = new Thread(work);
        threads.add(thread);
        return thread;
    }

    private CompletableFuture<Long> asked(int count) {
        return CompletableFuture.supplyAsync(() -> numbers.next(PROJECT, count, counter), executor);
    }

    /** Others who ask, all of whom wait by now. */
    private List<CompletableFuture<Long>> othersOf(int count) {
        List<CompletableFuture<Long>> others = new ArrayList<>();
        for (int i = 0; i < OTHERS; i++) {
            others.add(asked(count));
        }
        await().until(
                        () ->
                                threads.stream()
                                                .filter(
                                                        thread ->
                                                                thread.getState()
                                                                        == Thread.State.WAITING)
                                                .count()
                                        == OTHERS + 1);
        return others;
    }

    /** The statement: the first one takes until it may go on. */
    private static final class Counter implements IntToLongFunction {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch proceed = new CountDownLatch(1);
        private final LinkedBlockingQueue<Integer> counts = new LinkedBlockingQueue<>();
        private volatile int failsFor = Integer.MAX_VALUE;
        private long next;

        void awaitStatement() {
            try {
                begun.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public long applyAsLong(int count) {
            if (begun.getCount() > 0) {
                begun.countDown();
                try {
                    proceed.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            } else {
                counts.add(count);
            }
            synchronized (this) {
                if (count == failsFor) {
                    throw new IllegalStateException("the database is gone");
                }
                long first = next;
                next += count;
                return first;
            }
        }
    }
}
