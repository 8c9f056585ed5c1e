/**
 * Test support for applications that embed Errand: fakes, fault injection, generators, simulation.
 */
module dev.errand.testkit {
    requires transitive dev.errand.core;
    requires transitive dev.errand.spi;
    requires transitive dev.errand.tck;
    requires transitive net.jqwik.api;
    requires static org.jspecify;

    exports dev.errand.testkit;
}
