/** SandboxRegistry as processes of the operating system: any command-line agent in one line. */
module dev.errand.process {
    requires transitive dev.errand.agents;
    requires transitive dev.errand.spi;
    requires com.fasterxml.jackson.databind;
    requires org.slf4j;
    requires static org.jspecify;

    exports dev.errand.process;
}
