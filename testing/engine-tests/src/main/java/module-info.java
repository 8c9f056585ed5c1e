/**
 * Engine scenarios that run on every backend. Not published: tests use it on the class path, so
 * that nothing is exported. It is a module in order to compile against exported types only.
 */
module dev.errand.testing.engine {
    requires transitive com.fasterxml.jackson.databind;
    requires transitive dev.errand.core;
    requires transitive dev.errand.spi;
    requires transitive dev.errand.tck;
    requires transitive dev.errand.testkit;
    requires transitive net.jqwik.api;
    requires transitive org.junit.jupiter.api;
    requires org.assertj.core;
    requires org.junit.jupiter.params;
}
