/** Commands to agent servers in sandboxes, over HTTP. */
module dev.errand.commands {
    requires transitive dev.errand.spi;
    requires org.eclipse.jetty.client;
    requires org.slf4j;
    requires static org.jspecify;

    exports dev.errand.commands;
}
