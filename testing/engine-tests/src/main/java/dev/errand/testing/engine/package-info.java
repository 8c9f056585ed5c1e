/**
 * The scenario tests: what the operations of the Java API promise, walked through an engine over a
 * real storage. Whoever writes a backend implements {@link dev.errand.testing.engine.EngineFactory}
 * and extends {@link dev.errand.testing.engine.EngineContracts}, {@link
 * dev.errand.testing.engine.DispatchContracts} and each {@code …Properties} once. Tests cite the
 * wire contract by its sections ({@code C§} or bare, such as {@code D6}) and the invariants of the
 * design ({@code I1} to {@code I12}).
 *
 * <p>{@link dev.errand.testing.engine.TestDirectory} is for the tests of hosts too.
 */
package dev.errand.testing.engine;
