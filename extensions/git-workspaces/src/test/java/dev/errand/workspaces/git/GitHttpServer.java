package dev.errand.workspaces.git;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/** Serves bare repositories over HTTP with a password, by {@code git http-backend}. */
final class GitHttpServer implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Path repositories;
    private final Optional<String> authorization;
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private volatile Runnable duringRequest = () -> {};
    private volatile Optional<String> redirect = Optional.empty();

    private GitHttpServer(Path repositories, Optional<String> authorization) throws IOException {
        this.repositories = repositories;
        this.authorization = authorization;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    static GitHttpServer start(Path repositories, String user, String password) throws IOException {
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return new GitHttpServer(
                repositories, Optional.of("Basic " + Base64.getEncoder().encodeToString(pair)));
    }

    String template() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/{repository}";
    }

    /** Runs an action during each request whose credential was accepted. */
    void duringRequest(Runnable action) {
        duringRequest = action;
    }

    /** Redirects all requests to another server. */
    void redirectTo(String url) {
        redirect = Optional.of(url);
    }

    /** Returns which commands of the protocol were served, such as {@code fetch}. */
    List<String> commands() {
        return commands;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getRawPath();
            String query = Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
            if (redirect.isPresent()) {
                exchange.getResponseHeaders().add("Location", redirect.get() + path + "?" + query);
                exchange.sendResponseHeaders(302, -1);
                return;
            }
            String given = exchange.getRequestHeaders().getFirst("Authorization");
            if (given != null && !authorization.equals(Optional.of(given))) {
                commands.add("wrong password");
            }
            if (!authorization.equals(Optional.ofNullable(given))) {
                exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"git\"");
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            record(path, exchange, body);
            duringRequest.run();
            respond(exchange, run(exchange, path, query, body));
        }
    }

    private void record(String path, HttpExchange exchange, byte[] body) throws IOException {
        String text = new String(unzipped(exchange, body), StandardCharsets.ISO_8859_1);
        if (path.endsWith("/git-receive-pack")) {
            commands.add("push");
        } else if (text.contains("command=fetch")) {
            commands.add("fetch");
        } else if (text.contains("command=ls-refs")) {
            commands.add("ls-refs");
        }
    }

    private static byte[] unzipped(HttpExchange exchange, byte[] body) throws IOException {
        if (!"gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
            return body;
        }
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            return in.readAllBytes();
        }
    }

    private byte[] run(HttpExchange exchange, String path, String query, byte[] body)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder("git", "http-backend");
        var environment = builder.environment();
        environment.put("GIT_PROJECT_ROOT", repositories.toString());
        environment.put("GIT_HTTP_EXPORT_ALL", "1");
        environment.put("GIT_CONFIG_COUNT", "2");
        environment.put("GIT_CONFIG_KEY_0", "http.receivepack");
        environment.put("GIT_CONFIG_VALUE_0", "true");
        environment.put("GIT_CONFIG_KEY_1", "safe.directory");
        environment.put("GIT_CONFIG_VALUE_1", "*");
        environment.put("PATH_INFO", path);
        environment.put("QUERY_STRING", query);
        environment.put("REQUEST_METHOD", exchange.getRequestMethod());
        environment.put("REMOTE_USER", "tester");
        environment.put("CONTENT_LENGTH", Integer.toString(body.length));
        header(exchange, "Content-Type").ifPresent(value -> environment.put("CONTENT_TYPE", value));
        header(exchange, "Content-Encoding")
                .ifPresent(value -> environment.put("HTTP_CONTENT_ENCODING", value));
        header(exchange, "Git-Protocol")
                .ifPresent(value -> environment.put("HTTP_GIT_PROTOCOL", value));
        Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        threads.execute(
                () -> {
                    try (var input = process.getOutputStream()) {
                        input.write(body);
                    } catch (IOException ended) {
                        // The program does not need all of it.
                    }
                });
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        process.getInputStream().transferTo(output);
        return output.toByteArray();
    }

    private static Optional<String> header(HttpExchange exchange, String name) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
    }

    private static void respond(HttpExchange exchange, byte[] answer) throws IOException {
        String text = new String(answer, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        int status = 200;
        for (String line : text.substring(0, end).split("\r\n")) {
            int colon = line.indexOf(':');
            String value = line.substring(colon + 1).strip();
            if (line.startsWith("Status:")) {
                status = Integer.parseInt(value.substring(0, 3));
            } else {
                exchange.getResponseHeaders().add(line.substring(0, colon), value);
            }
        }
        exchange.sendResponseHeaders(status, 0);
        exchange.getResponseBody().write(answer, end + 4, answer.length - end - 4);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
