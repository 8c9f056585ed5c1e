package dev.errand.spi;

/**
 * What a backend can do beyond the least; read by the engine, and by the contract tests to choose
 * tests.
 */
public enum BackendCapability {
    /** What was acknowledged survives the end of the process. */
    DURABLE,
    /** Several processes can use one storage at a time. */
    SHARED
}
