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
 * Answers who collects meters, at an address of its own and with few threads of its own: a scrape
 * needs no credentials and waits for no request, and nothing of the API is reached here.
 */
final class MetricsHost implements AutoCloseable {

    private static final String PATH = "/metrics";
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

    /** One that accepts, one that selects, and some that answer while one waits for storage. */
    private static final int THREADS = 8;

    private final Server server;
    private final ServerConnector connector;

    private MetricsHost(Server server, ServerConnector connector) {
        this.server = server;
        this.connector = connector;
    }

    /**
     * Takes its address and answers.
     *
     * @param text what is collected, made anew for each scrape
     * @throws IOException if the address cannot be listened on
     */
    static MetricsHost start(MetricsAddress address, Supplier<String> text) throws IOException {
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
        server.setErrorHandler(new JsonErrors());
        server.setHandler(new Scrapes(text));
        connector.open();
        try {
            server.start();
        } catch (Exception failure) {
            connector.close();
            throw new IllegalStateException("meters cannot be served", failure);
        }
        return new MetricsHost(server, connector);
    }

    /** Where the meters are, as seen from this machine. */
    URI url() {
        return ListenAddress.url(connector.getHost(), connector.getLocalPort()).resolve(PATH);
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        } catch (Exception failure) {
            throw new IllegalStateException("meters do not end to be served", failure);
        }
    }

    private static final class Scrapes extends Handler.Abstract {

        private final Supplier<String> text;

        Scrapes(Supplier<String> text) {
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
