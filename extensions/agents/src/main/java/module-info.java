/** Profiles of agent programs: how they are started, and what their output means. */
module dev.errand.agents {
    requires transitive dev.errand.spi;
    requires com.fasterxml.jackson.databind;
    requires static org.jspecify;

    exports dev.errand.agents;
}
