package dev.errand.commands;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.JsonText;
import dev.errand.spi.Secret;
import dev.errand.spi.sandbox.CommandResult;
import dev.errand.spi.sandbox.SandboxCommand;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.util.SocketAddressResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** docs/wire/runs.md#i11 */
class HttpCommandSenderTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{ \"id\": 1.0 }";

    private ServerSocket agent;

    @BeforeEach
    void open() throws IOException {
        agent = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
        agent.setSoTimeout(10_000);
    }

    @AfterEach
    void close() throws IOException {
        agent.close();
    }

    private static HttpCommandSender sender() {
        return HttpCommandSender.start(SandboxHosts.LOCAL);
    }

    private CompletableFuture<CommandResult> send(HttpCommandSender sender) {
        return send(sender, "http://127.0.0.1:" + agent.getLocalPort());
    }

    private static CompletableFuture<CommandResult> send(HttpCommandSender sender, String url) {
        return sender.send(
                        new SandboxCommand(
                                url, Secret.of("the-token"), JsonText.of("{\"id\":1.0}")))
                .toCompletableFuture();
    }

    private static CommandResult resultOf(CompletableFuture<CommandResult> sent) throws Exception {
        return sent.get(10, TimeUnit.SECONDS);
    }

    /** Accepts one connection, reads its request and answers. Returns the request. */
    private String answer(String response) throws IOException {
        try (Socket connection = agent.accept()) {
            String request = read(connection);
            connection.getOutputStream().write(response.getBytes(UTF_8));
            return request;
        }
    }

    private static String read(Socket connection) throws IOException {
        InputStream in = connection.getInputStream();
        StringBuilder request = new StringBuilder();
        while (!request.toString().endsWith("{\"id\":1.0}")) {
            request.append((char) in.read());
        }
        return request.toString();
    }

    @Test
    void theCommandIsPostedWithItsTokenAndAnsweredVerbatim() throws Exception {
        try (HttpCommandSender sender = sender()) {
            CompletableFuture<CommandResult> sent = send(sender);
            String request = answer(OK);

            assertThat(resultOf(sent))
                    .isEqualTo(new CommandResult.Answered(200, "{ \"id\": 1.0 }"));
            assertThat(request)
                    .startsWith("POST /command HTTP/1.1\r\n")
                    .contains("Authorization: Bearer the-token\r\n")
                    .contains("Content-Type: application/json\r\n")
                    .doesNotContain("Accept-Encoding")
                    .endsWith("\r\n\r\n{\"id\":1.0}");
        }
    }

    @Test
    void redirectsAreNotFollowed() throws Exception {
        try (HttpCommandSender sender = sender();
                ServerSocket target = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<CommandResult> sent = send(sender);
            answer(
                    "HTTP/1.1 307 Elsewhere\r\nContent-Length: 0\r\nLocation: http://127.0.0.1:"
                            + target.getLocalPort()
                            + "/\r\n\r\n");

            assertThat(resultOf(sent)).isEqualTo(new CommandResult.Answered(307, ""));
            target.setSoTimeout(1);
            assertThat(target).matches(HttpCommandSenderTest::hasNoConnection);
        }
    }

    private static boolean hasNoConnection(ServerSocket server) {
        try {
            server.accept().close();
            return false;
        } catch (IOException timeout) {
            return true;
        }
    }

    @Test
    void aConnectionUsesTheAddressThatWasCheckedAndNoLaterOne() throws Exception {
        AtomicInteger lookUps = new AtomicInteger();
        UnaryOperator<SocketAddressResolver> changing =
                real ->
                        (host, port, context, promise) ->
                                promise.succeeded(
                                        List.of(
                                                new InetSocketAddress(
                                                        lookUps.incrementAndGet() == 1
                                                                ? "127.0.0.1"
                                                                : "10.0.0.1",
                                                        port)));
        try (HttpCommandSender sender =
                HttpCommandSender.start(SandboxHosts.LOCAL, Duration.ofSeconds(10), changing)) {
            String url = "http://localhost:" + agent.getLocalPort();
            CompletableFuture<CommandResult> first = send(sender, url);
            answer(OK);
            assertThat(resultOf(first)).isInstanceOf(CommandResult.Answered.class);
            assertThat(lookUps).hasValue(1);

            assertThat(resultOf(send(sender, url))).isEqualTo(refused());
        }
    }

    @Test
    void aHostWithOneForbiddenAddressIsRefused() throws Exception {
        for (String address : List.of("127.0.0.1", "::ffff:127.0.0.1", "::1", "169.254.169.254")) {
            UnaryOperator<SocketAddressResolver> rebinding =
                    real ->
                            (host, port, context, promise) ->
                                    promise.succeeded(
                                            List.of(
                                                    new InetSocketAddress("8.8.8.8", port),
                                                    new InetSocketAddress(address, port)));
            try (HttpCommandSender sender =
                    HttpCommandSender.start(
                            SandboxHosts.LOCAL.withDomain("sandboxes.example"),
                            Duration.ofSeconds(10),
                            rebinding)) {
                assertThat(resultOf(send(sender, "https://a.sandboxes.example")))
                        .isEqualTo(refused());
            }
        }
    }

    private static CommandResult refused() {
        return new CommandResult.Failed(
                "the host has an address to which commands may not be sent");
    }

    @Test
    void aUrlThatIsNotAcceptedIsNotContacted() throws Exception {
        try (HttpCommandSender sender = sender()) {
            assertThat(sender.accepts("http://[::1]:1")).isFalse();
            assertThat(resultOf(send(sender, "http://[::1]:1")))
                    .isInstanceOf(CommandResult.Failed.class);
        }
    }

    @Test
    void agentsThatDoNotAnswerAreToldApart() throws Exception {
        try (HttpCommandSender sender =
                HttpCommandSender.start(
                        SandboxHosts.LOCAL, Duration.ofMillis(300), UnaryOperator.identity())) {
            assertThat(resultOf(send(sender))).isEqualTo(new CommandResult.TimedOut());
            agent.accept().close();

            CompletableFuture<CommandResult> lost = send(sender);
            answer("");
            assertThat(resultOf(lost)).isEqualTo(new CommandResult.Unreachable());

            agent.close();
            assertThat(resultOf(send(sender))).isEqualTo(new CommandResult.Unreachable());
        }
    }

    @Test
    void answersAreBounded() throws Exception {
        try (HttpCommandSender sender = sender()) {
            CompletableFuture<CommandResult> sent = send(sender);
            try (Socket connection = agent.accept()) {
                read(connection);
                connection
                        .getOutputStream()
                        .write(
                                "HTTP/1.1 200 OK\r\nContent-Length: 1048577\r\n\r\n"
                                        .getBytes(UTF_8));

                assertThat(resultOf(sent)).isInstanceOf(CommandResult.Failed.class);
            }
        }
    }

    @Test
    void slowAgentsHoldNoThreads() throws Exception {
        int slow = 200;
        List<Socket> connections = new ArrayList<>();
        try (HttpCommandSender sender = sender()) {
            List<CompletableFuture<CommandResult>> sent = new ArrayList<>();
            for (int i = 0; i < slow; i++) {
                sent.add(send(sender));
                connections.add(agent.accept());
            }
            assertThat(threads()).isLessThan(20);
            assertThat(sent).noneMatch(CompletableFuture::isDone);
            for (Socket connection : connections) {
                read(connection);
                connection.getOutputStream().write(OK.getBytes(UTF_8));
            }
            for (CompletableFuture<CommandResult> each : sent) {
                assertThat(resultOf(each)).isInstanceOf(CommandResult.Answered.class);
            }
        } finally {
            for (Socket connection : connections) {
                connection.close();
            }
        }
    }

    private static long threads() {
        Thread[] all = new Thread[Thread.activeCount() * 2];
        int count = Thread.enumerate(all);
        return Arrays.stream(all, 0, count)
                .filter(thread -> thread.getName().startsWith("errand-commands"))
                .count();
    }
}
