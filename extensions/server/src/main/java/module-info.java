/** Errand as a standalone server: a servlet container with storage, a directory and a launcher. */
@SuppressWarnings("requires-automatic") // Micrometer is an automatic module.
module dev.errand.server {
    requires transitive dev.errand.agents;
    requires transitive dev.errand.process;
    requires transitive dev.errand.commands;
    requires dev.errand.jwt;
    requires transitive dev.errand.spi;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires transitive dev.errand.core;
    requires transitive dev.errand.http;
    requires dev.errand.memory;
    requires dev.errand.micrometer;
    requires dev.errand.objects.file;
    requires dev.errand.page;
    requires dev.errand.workspaces.git;
    requires info.picocli;
    requires jakarta.servlet;
    requires java.net.http;
    requires micrometer.registry.prometheus;
    requires java.sql;
    requires org.eclipse.jetty.ee11.servlet;
    requires org.slf4j;
    requires static org.jspecify;

    exports dev.errand.server;

    opens dev.errand.server to
            info.picocli;
    opens dev.errand.server.runs to
            info.picocli;

    uses dev.errand.spi.store.BackendProvider;
}
