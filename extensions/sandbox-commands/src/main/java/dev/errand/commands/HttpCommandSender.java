package dev.errand.commands;

import dev.errand.spi.sandbox.CommandResult;
import dev.errand.spi.sandbox.CommandSender;
import dev.errand.spi.sandbox.SandboxCommand;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.CompletableResponseListener;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.util.SocketAddressResolver;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends commands to agent servers over HTTP (docs/wire/runs.md#i11). Each command has a connection
 * of its own, to an address that {@link SandboxHosts} allow. Redirects are not followed, cookies
 * and proxies are not used, and a command is never sent twice. No thread waits for an answer.
 *
 * <p>Thread-safe. The host closes it after the engine.
 */
public final class HttpCommandSender implements CommandSender, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpCommandSender.class);

    private static final Duration TIMEOUT = Duration.ofSeconds(600);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration RESOLVE_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration MARGIN = Duration.ofSeconds(10);
    private static final int MAX_REPLY_BYTES = 1024 * 1024;
    private static final int MAX_THREADS = 16;
    private static final int MAX_CONNECTIONS = 10_000;

    private final SandboxHosts hosts;
    private final Duration timeout;
    private final HttpClient client;

    private HttpCommandSender(SandboxHosts hosts, Duration timeout, HttpClient client) {
        this.hosts = hosts;
        this.timeout = timeout;
        this.client = client;
    }

    /** Starts a sender with the time limit of the contract: 600 seconds. */
    public static HttpCommandSender start(SandboxHosts hosts) {
        return start(hosts, TIMEOUT, UnaryOperator.identity());
    }

    /**
     * Starts a sender.
     *
     * @param timeout the time within which an agent must have answered
     * @param resolver replaces the resolver of host names
     */
    static HttpCommandSender start(
            SandboxHosts hosts, Duration timeout, UnaryOperator<SocketAddressResolver> resolver) {
        HttpClient client = new HttpClient();
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, 1);
        threads.setName("errand-commands");
        threads.setDaemon(true);
        client.setExecutor(threads);
        Scheduler scheduler = new ScheduledExecutorScheduler("errand-commands-timer", true);
        client.setScheduler(scheduler);
        SocketAddressResolver names =
                new SocketAddressResolver.Async(threads, scheduler, RESOLVE_TIMEOUT.toMillis());
        client.setSocketAddressResolver(new CheckedAddressResolver(resolver.apply(names), hosts));
        client.setFollowRedirects(false);
        client.setHttpCookieStore(new HttpCookieStore.Empty());
        client.setUserAgentField(null);
        client.setConnectTimeout(CONNECT_TIMEOUT.toMillis());
        client.setIdleTimeout(timeout.plus(MARGIN).toMillis());
        client.setMaxConnectionsPerDestination(MAX_CONNECTIONS);
        client.setMaxRequestsQueuedPerDestination(MAX_CONNECTIONS);
        client.setDestinationIdleTimeout(MARGIN.toMillis());
        try {
            client.start();
        } catch (Exception failure) {
            throw new IllegalStateException("the sender of commands cannot be started", failure);
        }
        client.getContentDecoderFactories().clear();
        return new HttpCommandSender(hosts, timeout, client);
    }

    @Override
    public boolean accepts(String sandboxUrl) {
        return hosts.accept(sandboxUrl);
    }

    @Override
    public CompletionStage<CommandResult> send(SandboxCommand command) {
        Optional<URI> url = hosts.commandUrl(command.sandboxUrl());
        if (url.isEmpty()) {
            return CompletableFuture.completedFuture(
                    new CommandResult.Failed("commands may not be sent to this URL"));
        }
        byte[] body = command.request().text().getBytes(StandardCharsets.UTF_8);
        Request request =
                client.newRequest(url.get())
                        .method(HttpMethod.POST)
                        .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                        .headers(
                                headers ->
                                        headers.put(HttpHeader.ACCEPT, "application/json")
                                                .put(HttpHeader.CONNECTION, "close")
                                                .put(
                                                        HttpHeader.AUTHORIZATION,
                                                        "Bearer " + command.token().reveal()))
                        .body(new BytesRequestContent("application/json", body));
        return new CompletableResponseListener(request, MAX_REPLY_BYTES)
                .send()
                .handle(
                        (response, failure) ->
                                failure == null ? answered(response) : failed(failure));
    }

    private static CommandResult answered(ContentResponse response) {
        try {
            String body =
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(response.getContent()))
                            .toString();
            return new CommandResult.Answered(response.getStatus(), body);
        } catch (CharacterCodingException notUtf8) {
            return new CommandResult.Failed("the answer is not UTF-8");
        }
    }

    private static CommandResult failed(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException
                        ? Objects.requireNonNullElse(failure.getCause(), failure)
                        : failure;
        LOG.debug("a command was not answered", cause);
        if (cause instanceof TimeoutException) {
            return new CommandResult.TimedOut();
        }
        if (cause instanceof IOException) {
            return new CommandResult.Unreachable();
        }
        return new CommandResult.Failed(
                cause instanceof CheckedAddressResolver.RefusedAddressException refused
                        ? String.valueOf(refused.getMessage())
                        : "the answer could not be read, " + cause.getClass().getSimpleName());
    }

    /** Ends open connections, and thereby unanswered commands. */
    @Override
    public void close() {
        try {
            client.stop();
        } catch (Exception failure) {
            throw new IllegalStateException("the sender of commands cannot be stopped", failure);
        }
    }
}
