package dev.errand.http;

import dev.errand.Errand;
import dev.errand.memory.InMemoryBackend;
import dev.errand.memory.objects.InMemoryObjectStore;
import dev.errand.spi.Backend;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.LocalObjectStore;
import dev.errand.spi.project.GithubConnections;
import dev.errand.spi.run.MessageRelay;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A host with Errand in it: a real server on the loopback interface, everything else in memory. */
final class Host implements AutoCloseable {

    private static final Secret KEY = Secret.of("a key for tests, and for tests alone");

    private final SettableClock clock = new SettableClock(Instant.parse("2026-05-07T09:30:00Z"));
    private final Server server = new Server(new InetSocketAddress("127.0.0.1", 0));
    private final LocalObjectStore objects;
    private final Errand errand;
    private final URI url;

    private Host(Parts parts) {
        Backend backend = parts.backend.apply(InMemoryBackend.create(clock));
        this.objects = parts.objects.apply(InMemoryObjectStore.create(clock, KEY));
        this.url = open();
        URI servletUrl =
                url.resolve(parts.contextPath + parts.mountedAt.replaceFirst("/\\*?$", ""));
        LogLinks links = LogLinks.of(servletUrl, KEY, clock);
        this.errand =
                Errand.builder(backend, objects, new AcmeDirectory(parts.connections))
                        .relay(parts.relay)
                        .clock(clock)
                        .links(links)
                        .runTokenKey(KEY)
                        .build();
        ErrandServlet.Builder servlet =
                ErrandServlet.builder(errand, parts.authenticator)
                        .activeProject(caller -> Optional.of(AcmeDirectory.ACME))
                        .objects(objects)
                        .logLinks(links);
        objects.serveAt(servletUrl);
        parts.servlet.accept(servlet);
        ServletContextHandler context = new ServletContextHandler(parts.contextPath);
        context.addServlet(new ServletHolder(servlet.build()), parts.mountedAt);
        server.setHandler(context);
        start();
    }

    /** A host with nothing unusual. */
    static Host started() {
        return new Parts().start();
    }

    /** A host of which something is different. */
    static Parts with() {
        return new Parts();
    }

    /** A client with this token; null for none. */
    Client client(String token) {
        return new Client(url, token);
    }

    /** Rosa, who may do everything in project 7. */
    Client rosa() {
        return client(Tokens.ROSA);
    }

    Errand errand() {
        return errand;
    }

    LocalObjectStore objects() {
        return objects;
    }

    SettableClock clock() {
        return clock;
    }

    URI url() {
        return url;
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
        errand.close();
    }

    /** Takes a port first, for links have to name it. */
    private URI open() {
        try {
            ((ServerConnector) server.getConnectors()[0]).open();
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
        int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
        return URI.create("http://127.0.0.1:" + port + "/");
    }

    private void start() {
        try {
            server.start();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** What a host is made of. */
    static final class Parts {
        private UnaryOperator<Backend> backend = UnaryOperator.identity();
        private UnaryOperator<LocalObjectStore> objects = UnaryOperator.identity();
        private Consumer<ErrandServlet.Builder> servlet = builder -> {};
        private Authenticator authenticator = new Tokens();
        private Optional<GithubConnections> connections = Optional.empty();
        private MessageRelay relay = MessageRelay.NONE;
        private String contextPath = "/";
        private String mountedAt = "/*";

        Parts backend(UnaryOperator<Backend> wrapping) {
            backend = wrapping;
            return this;
        }

        Parts objects(UnaryOperator<LocalObjectStore> wrapping) {
            objects = wrapping;
            return this;
        }

        Parts servlet(Consumer<ErrandServlet.Builder> settings) {
            servlet = settings;
            return this;
        }

        Parts authenticator(Authenticator value) {
            authenticator = value;
            return this;
        }

        Parts connections(GithubConnections value) {
            connections = Optional.of(value);
            return this;
        }

        Parts relay(MessageRelay value) {
            relay = value;
            return this;
        }

        Parts mountedAt(String context, String pattern) {
            contextPath = context;
            mountedAt = pattern;
            return this;
        }

        Host start() {
            return new Host(this);
        }
    }
}
