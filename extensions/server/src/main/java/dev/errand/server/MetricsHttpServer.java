package dev.errand.server;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Serves metrics at a separate address with few separate threads, so that a scrape needs no
 * credentials and does not wait for API requests. The API is not reachable there.
 */
final class MetricsHttpServer implements AutoCloseable {

    private static final String PATH = "/metrics";
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

    /** An acceptor, a selector, and some for scrapes, which may wait for storage. */
    private static final int THREADS = 8;

    private final Server server;
    private final ServerConnector connector;

    private MetricsHttpServer(Server server, ServerConnector connector) {
        this.server = server;
        this.connector = connector;
    }

    /**
     * Binds the address and starts to accept requests.
     *
     * @param text provides the metrics for each scrape
     * @throws IOException if the address cannot be bound
     */
    static MetricsHttpServer start(MetricsAddress address, Supplier<String> text)
            throws IOException {
        QueuedThreadPool threads = new QueuedThreadPool(THREADS, 1);
        threads.setName("errand-metrics");
        Server server = new Server(threads);
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        ServerConnector connector =
                new ServerConnector(server, 1, 1, new HttpConnectionFactory(configuration));
        connector.setHost(address.host());
        connector.setPort(address.port());
        server.addConnector(connector);
        server.setErrorHandler(new JsonErrorHandler());
        server.setHandler(new ScrapeHandler(text));
        connector.open();
        try {
            server.start();
        } catch (Exception failure) {
            connector.close();
            throw new IllegalStateException("the metrics server cannot be started", failure);
        }
        return new MetricsHttpServer(server, connector);
    }

    /** Returns the URL of the metrics as seen from this machine. */
    URI url() {
        return LocalUrl.of(connector.getHost(), connector.getLocalPort()).resolve(PATH);
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (Exception failure) {
            throw new IllegalStateException("the metrics server cannot be stopped", failure);
        }
    }

    private static final class ScrapeHandler extends Handler.Abstract {

        private final Supplier<String> text;

        ScrapeHandler(Supplier<String> text) {
            this.text = text;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            if (!Request.getPathInContext(request).equals(PATH)) {
                return false;
            }
            String method = request.getMethod();
            if (!HttpMethod.GET.is(method) && !HttpMethod.HEAD.is(method)) {
                response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
                Response.writeError(request, response, callback, HttpStatus.METHOD_NOT_ALLOWED_405);
                return true;
            }
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, TEXT);
            response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
            byte[] body = text.get().getBytes(StandardCharsets.UTF_8);
            response.write(true, ByteBuffer.wrap(body), callback);
            return true;
        }
    }
}
