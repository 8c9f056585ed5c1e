package dev.errand.server;

import dev.errand.spi.Backend;
import jakarta.servlet.Servlet;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The embedded servlet host: one listener, one servlet, health beside it. It takes its address
 * first and answers once it is {@linkplain #serve given} a servlet.
 */
final class HttpHost implements AutoCloseable {

    /** Well over the minute that clients leave a connection idle between two calls. */
    private static final Duration IDLE = Duration.ofSeconds(120);

    private static final Duration DRAIN = Duration.ofSeconds(30);
    private static final int MAX_THREADS = 200;
    private static final Logger LOG = LoggerFactory.getLogger(HttpHost.class);

    private final Server server;
    private final ServerConnector connector;
    private Optional<HealthHandler> health = Optional.empty();
    private Optional<GracefulHandler> requests = Optional.empty();

    private HttpHost(Server server, ServerConnector connector) {
        this.server = server;
        this.connector = connector;
    }

    /**
     * Takes an address; connections that come now wait.
     *
     * @param port 0 for any free one
     * @throws IOException if it cannot be listened on
     */
    static HttpHost open(String host, int port) throws IOException {
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS);
        threads.setName("errand-http");
        Server server = new Server(threads);
        ServerConnector connector =
                new ServerConnector(server, new HttpConnectionFactory(configuration()));
        connector.setHost(host);
        connector.setPort(port);
        connector.setIdleTimeout(IDLE.toMillis());
        server.addConnector(connector);
        server.setErrorHandler(new JsonErrors());
        connector.open();
        return new HttpHost(server, connector);
    }

    private static HttpConfiguration configuration() {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setSendXPoweredBy(false);
        // The servlet reads paths as they were sent; names of files may hold anything.
        configuration.setUriCompliance(
                UriCompliance.DEFAULT.with(
                        "ANY_NAME",
                        UriCompliance.AMBIGUOUS_VIOLATIONS.toArray(
                                UriCompliance.Violation[]::new)));
        return configuration;
    }

    /** The address, as seen from this machine. */
    URI url() {
        return ListenAddress.url(connector.getHost(), connector.getLocalPort());
    }

    /** Begins to answer. */
    void serve(Servlet servlet, Servlet descriptions, Backend backend) {
        ServletContextHandler context = new ServletContextHandler();
        context.setErrorHandler(new JsonErrors());
        context.getServletHandler().setDecodeAmbiguousURIs(true);
        context.addServlet(new ServletHolder(servlet), "/*");
        context.addServlet(new ServletHolder(descriptions), DescriptionServlet.PATH);
        GracefulHandler graceful = new GracefulHandler(context);
        HealthHandler watched = new HealthHandler(backend, graceful);
        server.setHandler(watched);
        requests = Optional.of(graceful);
        health = Optional.of(watched);
        try {
            server.start();
        } catch (Exception failure) {
            throw new IllegalStateException("the servlet host does not start", failure);
        }
    }

    /** Takes no new requests, lets those under way end, 30 seconds at most, and lets go of all. */
    @Override
    public void close() {
        health.ifPresent(HealthHandler::drain);
        // In this order: who accepts nothing more does not mind that there is nothing to accept on.
        connector.setAccepting(false);
        connector.close();
        requests.ifPresent(HttpHost::drain);
        try {
            server.stop();
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        } catch (Exception failure) {
            throw new IllegalStateException("the servlet host does not stop", failure);
        }
    }

    /**
     * Not left to the host's own stop: that one breaks off connections on which nothing moved for a
     * second, or waits for idle ones, too.
     */
    private static void drain(GracefulHandler requests) {
        try {
            requests.shutdown().get(DRAIN.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            LOG.warn("{} requests are broken off", requests.getCurrentRequestCount());
        } catch (ExecutionException failure) {
            LOG.warn("cannot wait for requests under way", failure.getCause());
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
