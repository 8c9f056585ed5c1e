package dev.errand.spi.store;

/** Optional guarantees of a backend. The engine and the contract tests adapt to them. */
public enum BackendCapability {
    /** Committed data survives the end of the process. */
    DURABLE,
    /** Several processes can use the storage at the same time. */
    SHARED
}
