/**
 * What tests of a host need: time, chance and failures that are told, and requests of every kind.
 */
module dev.errand.testkit {
    requires transitive dev.errand.core;
    requires transitive dev.errand.spi;
    requires transitive dev.errand.tck;
    requires transitive net.jqwik.api;

    exports dev.errand.testkit;
}
