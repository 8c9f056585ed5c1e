/** Contract tests for storage backends, object stores and sandbox launchers, and their fixtures. */
module dev.errand.tck {
    requires transitive dev.errand.spi;
    requires transitive org.junit.jupiter.api;
    requires org.assertj.core;
    requires org.junit.jupiter.params;
    requires static org.jspecify;

    exports dev.errand.tck;
    exports dev.errand.tck.objects;
    exports dev.errand.tck.sandbox;
}
