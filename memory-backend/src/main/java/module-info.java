/** The reference backend: all storage ports, and an object store, in memory. */
module dev.errand.memory {
    requires transitive dev.errand.spi;
    requires static org.jspecify;

    exports dev.errand.memory;
    exports dev.errand.memory.objects;

    provides dev.errand.spi.store.BackendProvider with
            dev.errand.memory.internal.InMemoryBackendProvider;
}
