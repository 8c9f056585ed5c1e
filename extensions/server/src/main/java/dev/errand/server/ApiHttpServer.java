package dev.errand.server;

import dev.errand.http.ErrandServlet;
import dev.errand.spi.store.Backend;
import jakarta.servlet.Servlet;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The embedded servlet container with one listener, one servlet and health checks. It binds its
 * address first and accepts requests after {@link #serve}.
 */
final class ApiHttpServer implements AutoCloseable {

    /** Longer than the minute for which clients typically keep idle connections. */
    private static final Duration IDLE = Duration.ofSeconds(120);

    private static final Duration DRAIN = Duration.ofSeconds(30);

    /** Accept, parse, and answer health checks; none of them waits. */
    private static final int MAX_THREADS = 16;

    /** Below the number of files that a process usually may open. */
    private static final int MAX_CONNECTIONS = 10_000;

    /** The idle time above which connections are closed while there are too many. */
    private static final Duration IDLE_WHEN_FULL = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(ApiHttpServer.class);

    private final Server server;
    private final ServerConnector connector;
    private Optional<HealthHandler> health = Optional.empty();
    private Optional<GracefulHandler> requests = Optional.empty();
    private Optional<ReadinessCheck> readiness = Optional.empty();
    private Optional<ErrandServlet> api = Optional.empty();

    private ApiHttpServer(Server server, ServerConnector connector) {
        this.server = server;
        this.connector = connector;
    }

    /**
     * Binds an address. Connections wait until {@link #serve} is called.
     *
     * @param port 0 for any free port
     * @throws IOException if the address cannot be bound
     */
    static ApiHttpServer open(String host, int port) throws IOException {
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS);
        threads.setName("errand-http");
        Server server = new Server(threads);
        ServerConnector connector =
                new ServerConnector(server, new HttpConnectionFactory(configuration()));
        connector.setHost(host);
        connector.setPort(port);
        connector.setIdleTimeout(IDLE.toMillis());
        server.addConnector(connector);
        NetworkConnectionLimit limit = new NetworkConnectionLimit(MAX_CONNECTIONS, server);
        limit.setEndPointIdleTimeout(IDLE_WHEN_FULL.toMillis());
        server.addBean(limit);
        server.setErrorHandler(new JsonErrorHandler());
        connector.open();
        return new ApiHttpServer(server, connector);
    }

    private static HttpConfiguration configuration() {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setSendXPoweredBy(false);
        // The servlet reads raw paths; file names may contain any character.
        configuration.setUriCompliance(
                UriCompliance.DEFAULT.with(
                        "ANY_NAME",
                        UriCompliance.AMBIGUOUS_VIOLATIONS.toArray(
                                UriCompliance.Violation[]::new)));
        return configuration;
    }

    /** Returns the URL as seen from this machine. */
    URI url() {
        return LocalUrl.of(connector.getHost(), connector.getLocalPort());
    }

    /**
     * Starts to accept requests.
     *
     * @param others further servlets by their paths
     */
    void serve(ErrandServlet servlet, Map<String, Servlet> others, Backend backend) {
        ApiThreads threads = new ApiThreads();
        ServletContextHandler context = threads.newContext();
        context.setErrorHandler(new JsonErrorHandler());
        context.getServletHandler().setDecodeAmbiguousURIs(true);
        context.addServlet(new ServletHolder(servlet), "/*");
        others.forEach((path, other) -> context.addServlet(new ServletHolder(other), path));
        GracefulHandler graceful = new GracefulHandler(threads);
        ReadinessCheck check = new ReadinessCheck(backend);
        HealthHandler healthHandler = new HealthHandler(check, graceful);
        readiness = Optional.of(check);
        api = Optional.of(servlet);
        server.setHandler(healthHandler);
        requests = Optional.of(graceful);
        health = Optional.of(healthHandler);
        try {
            server.start();
        } catch (Exception failure) {
            throw new IllegalStateException("the HTTP server cannot be started", failure);
        }
    }

    /**
     * Rejects new requests, ends event streams, waits up to 30 seconds for running requests, and
     * stops.
     */
    @Override
    public void close() {
        health.ifPresent(HealthHandler::drain);
        // In this order, because accepting on a closed connector would log errors.
        connector.setAccepting(false);
        connector.close();
        api.ifPresent(ErrandServlet::closeStreams);
        requests.ifPresent(ApiHttpServer::drain);
        readiness.ifPresent(ReadinessCheck::close);
        try {
            server.stop();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (Exception failure) {
            throw new IllegalStateException("the HTTP server cannot be stopped", failure);
        }
    }

    /**
     * Waits for running requests. Jetty's own stop aborts connections without traffic for a second,
     * or also waits for idle ones.
     */
    private static void drain(GracefulHandler requests) {
        try {
            requests.shutdown().get(DRAIN.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            LOG.warn(
                    "{} requests did not finish in time and are aborted",
                    requests.getCurrentRequestCount());
        } catch (ExecutionException failure) {
            LOG.warn("cannot wait for running requests", failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
