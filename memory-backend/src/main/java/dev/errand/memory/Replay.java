package dev.errand.memory;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * How the answers of one operation are remembered and repeated.
 *
 * @param <A> the operation's answer
 * @param <F> what of a first answer is repeated
 * @param type of what is remembered
 * @param effect what to remember of an answer; empty if it told of no effect
 * @param repeated the answer to a repetition
 * @param conflict the answer to another request under the same key
 */
record Replay<A, F>(
        Class<F> type,
        Function<A, Optional<F>> effect,
        Function<F, A> repeated,
        Supplier<A> conflict) {}
