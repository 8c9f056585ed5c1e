/** The contract tests by which a backend proves itself, with the clock and the values they use. */
module dev.errand.tck {
    requires transitive com.fasterxml.jackson.databind;
    requires transitive dev.errand.core;
    requires transitive dev.errand.spi;
    requires static transitive net.jqwik.api;
    requires transitive org.junit.jupiter.api;
    requires org.assertj.core;
    requires org.junit.jupiter.params;

    exports dev.errand.tck;
    exports dev.errand.tck.engine;
    exports dev.errand.tck.objects;
    exports dev.errand.tck.sandbox;
}
