/** Micrometer meters and observations of dispatchers and runs. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // It has no other name.
module dev.errand.micrometer {
    requires transitive dev.errand.core;
    requires transitive dev.errand.spi;
    requires transitive micrometer.core;
    requires transitive micrometer.observation;
    requires org.slf4j;
    requires static org.jspecify;

    exports dev.errand.micrometer;
}
