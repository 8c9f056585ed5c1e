package dev.errand.http;

import dev.errand.Errand;
import dev.errand.memory.InMemoryBackend;
import dev.errand.memory.objects.InMemoryObjectStore;
import dev.errand.profile.ApiProfile;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.LocalObjectStore;
import dev.errand.spi.project.GithubConnections;
import dev.errand.spi.run.MessageRelay;
import dev.errand.spi.store.Backend;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * An embedded host: a server on the loopback interface with an in-memory backend. Registered as a
 * static extension, it serves all tests of a class and is closed after the last one.
 */
final class Host implements AutoCloseable, AfterAllCallback {

    private static final Secret KEY = Secret.of("a key for tests, and for tests alone");

    private final SettableClock clock = new SettableClock(Instant.parse("2026-05-07T09:30:00Z"));
    private final Server server;
    private final LocalObjectStore objects;
    private final Errand errand;
    private final ErrandServlet servlet;
    private final URI url;

    private Host(Builder builder) {
        this.server = new Server(new QueuedThreadPool(builder.threads));
        ServerConnector connector = new ServerConnector(server, 1, 1);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        Backend backend = builder.backend.apply(InMemoryBackend.create(clock));
        this.objects = builder.objects.apply(InMemoryObjectStore.create(clock, KEY));
        this.url = open();
        URI servletUrl =
                url.resolve(builder.contextPath + builder.mountedAt.replaceFirst("/\\*?$", ""));
        LogLinks links = LogLinks.of(servletUrl, KEY, clock);
        Errand.Builder engine =
                Errand.builder(backend, objects, new AcmeDirectory(builder.connections))
                        .profile(builder.profile)
                        .relay(builder.relay)
                        .connectionTokens((claims, now) -> Secret.of("connect " + claims.run()))
                        .clock(clock)
                        .links(links)
                        .sandboxTokenKey(KEY);
        builder.engine.accept(engine);
        this.errand = engine.build();
        ErrandServlet.Builder servlet =
                ErrandServlet.builder(errand, builder.authenticator)
                        .activeProject(caller -> Optional.of(AcmeDirectory.ACME))
                        .objects(objects)
                        .logLinks(links);
        objects.setBaseUrl(servletUrl);
        builder.servlet.accept(servlet);
        ServletContextHandler context = new ServletContextHandler(builder.contextPath);
        this.servlet = servlet.build();
        ServletHolder holder = new ServletHolder(this.servlet);
        holder.setAsyncSupported(builder.isAsyncSupported);
        context.addServlet(holder, builder.mountedAt);
        server.setHandler(context);
        start();
    }

    /** Starts a host with default settings. */
    static Host started() {
        return new Builder().start();
    }

    /** Returns a builder for a host with other settings. */
    static Builder with() {
        return new Builder();
    }

    /** Returns a client with this token, or without credentials if it is null. */
    Client client(String token) {
        return new Client(url, token, errand.profile());
    }

    /** Returns a client of Rosa, who has all scopes in project 7. */
    Client rosa() {
        return client(Tokens.ROSA);
    }

    Errand errand() {
        return errand;
    }

    ErrandServlet servlet() {
        return servlet;
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
    public void afterAll(ExtensionContext context) {
        close();
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

    /** Opens the port first, since links contain it. */
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

    static final class Builder {
        private UnaryOperator<Backend> backend = UnaryOperator.identity();
        private UnaryOperator<LocalObjectStore> objects = UnaryOperator.identity();
        private Consumer<ErrandServlet.Builder> servlet = builder -> {};
        private Authenticator authenticator = new Tokens();
        private Optional<GithubConnections> connections = Optional.empty();
        private ApiProfile profile = ApiProfile.V2026_05;
        private Consumer<Errand.Builder> engine = builder -> {};
        private MessageRelay relay = MessageRelay.NONE;
        private String contextPath = "/";
        private int threads = 200;
        private boolean isAsyncSupported = true;
        private String mountedAt = "/*";

        Builder backend(UnaryOperator<Backend> wrapping) {
            backend = wrapping;
            return this;
        }

        Builder objects(UnaryOperator<LocalObjectStore> wrapping) {
            objects = wrapping;
            return this;
        }

        Builder servlet(Consumer<ErrandServlet.Builder> settings) {
            servlet = settings;
            return this;
        }

        Builder authenticator(Authenticator value) {
            authenticator = value;
            return this;
        }

        Builder connections(GithubConnections value) {
            connections = Optional.of(value);
            return this;
        }

        Builder engine(Consumer<Errand.Builder> settings) {
            engine = settings;
            return this;
        }

        Builder profile(ApiProfile value) {
            profile = value;
            return this;
        }

        Builder mountedAt(String context, String pattern) {
            contextPath = context;
            mountedAt = pattern;
            return this;
        }

        /** Sets the number of threads of the container. */
        Builder threads(int value) {
            threads = value;
            return this;
        }

        /** Mounts the servlet without asynchronous support. */
        Builder withoutAsyncSupport() {
            isAsyncSupported = false;
            return this;
        }

        Host start() {
            return new Host(this);
        }
    }
}
