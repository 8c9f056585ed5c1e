package dev.errand.server;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A headless Chromium with one tab, driven by its DevTools protocol: about all that the tests of
 * one page need, without a driver program that must match the browser.
 */
final class Chromium implements AutoCloseable {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

    private final Process process;
    private final WebSocket socket;
    private final String session;
    private final Map<Integer, CompletableFuture<JsonNode>> calls;
    private final AtomicInteger lastId = new AtomicInteger();

    private Chromium(Process process, URI devTools) {
        this.process = process;
        this.calls = new ConcurrentHashMap<>();
        this.socket =
                HttpClient.newHttpClient()
                        .newWebSocketBuilder()
                        .buildAsync(devTools, new Answers())
                        .join();
        String tab =
                call(Optional.empty(), "Target.createTarget", Map.of("url", "about:blank"))
                        .get("targetId")
                        .textValue();
        this.session =
                call(
                                Optional.empty(),
                                "Target.attachToTarget",
                                Map.of("targetId", tab, "flatten", true))
                        .get("sessionId")
                        .textValue();
        call("Page.enable", Map.of());
    }

    /** Returns the program, which the property {@code errand.chromium} may name. */
    static Optional<Path> program() {
        String named = System.getProperty("errand.chromium", "");
        if (!named.isEmpty()) {
            return Optional.of(Path.of(named));
        }
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Starts the program with a profile in an empty folder. */
    static Chromium start(Path program, Path folder) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                program.toString(),
                                "--headless=new",
                                "--remote-debugging-port=0",
                                "--user-data-dir=" + folder.resolve("profile"),
                                "--disable-gpu",
                                "--disable-dev-shm-usage",
                                "--no-first-run",
                                "--lang=en-GB"));
        if (System.getProperty("user.name").equals("root")) {
            command.add("--no-sandbox");
        }
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("chromium.log").toFile())
                        .start();
        try {
            Path address = folder.resolve("profile/DevToolsActivePort");
            List<String> lines =
                    await().atMost(TIMEOUT)
                            .until(
                                    () ->
                                            Files.exists(address)
                                                    ? Files.readAllLines(address)
                                                    : List.of(),
                                    it -> it.size() == 2);
            return new Chromium(
                    process, URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1)));
        } catch (RuntimeException failure) {
            process.destroyForcibly();
            throw failure;
        }
    }

    /** Calls a method of the DevTools protocol for the tab. */
    JsonNode call(String method, Map<String, ?> parameters) {
        return call(Optional.of(session), method, parameters);
    }

    private JsonNode call(Optional<String> target, String method, Map<String, ?> parameters) {
        int id = lastId.incrementAndGet();
        ObjectNode message = MAPPER.createObjectNode().put("id", id).put("method", method);
        message.set("params", MAPPER.valueToTree(parameters));
        target.ifPresent(tab -> message.put("sessionId", tab));
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        calls.put(id, answer);
        socket.sendText(message.toString(), true).join();
        JsonNode received = answer.orTimeout(TIMEOUT.toSeconds(), TimeUnit.SECONDS).join();
        if (received.has("error")) {
            throw new IllegalStateException(method + ": " + received.get("error"));
        }
        return received.get("result");
    }

    void open(URI url) {
        call("Page.navigate", Map.of("url", url.toString()));
    }

    /** Returns the value of an expression, or of the promise that it returns. */
    JsonNode evaluate(String expression) {
        JsonNode result =
                call(
                        "Runtime.evaluate",
                        Map.of(
                                "expression",
                                expression,
                                "returnByValue",
                                true,
                                "awaitPromise",
                                true));
        if (result.has("exceptionDetails")) {
            throw new IllegalStateException(expression + ": " + result.get("exceptionDetails"));
        }
        return result.path("result").path("value");
    }

    /** Waits until an expression is true. */
    void awaitTrue(String expression) {
        await(expression)
                .atMost(TIMEOUT)
                .ignoreExceptionsInstanceOf(IllegalStateException.class) // While a page loads.
                .until(() -> evaluate("Boolean(" + expression + ")").booleanValue());
    }

    /** Waits until an element contains a text. */
    void awaitText(String selector, String text) {
        awaitTrue(
                "document.querySelector(%s)?.textContent.includes(%s)"
                        .formatted(quoted(selector), quoted(text)));
    }

    /** Clicks an element, found by its selector and a part of its text. */
    void click(String selector, String text) {
        String found =
                "[...document.querySelectorAll(%s)].find(each => each.textContent.includes(%s))"
                        .formatted(quoted(selector), quoted(text));
        awaitTrue(found);
        evaluate(found + ".click()");
    }

    /** Types into the element that has the focus. */
    void type(String text) {
        call("Input.insertText", Map.of("text", text));
    }

    void press(String key, int code) {
        for (String type : List.of("keyDown", "keyUp")) {
            call(
                    "Input.dispatchKeyEvent",
                    Map.of(
                            "type",
                            type,
                            "key",
                            key,
                            "code",
                            key,
                            "windowsVirtualKeyCode",
                            code,
                            "text",
                            type.equals("keyDown") && key.equals("Enter") ? "\r" : ""));
        }
    }

    void resize(int width, int height) {
        call(
                "Emulation.setDeviceMetricsOverride",
                Map.of(
                        "width",
                        width,
                        "height",
                        height,
                        "deviceScaleFactor",
                        1,
                        "mobile",
                        width < 600));
    }

    /** Sets whether the user prefers {@code dark} or {@code light}. */
    void prefer(String scheme) {
        call(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    byte[] screenshot() {
        JsonNode image = call("Page.captureScreenshot", Map.of("format", "png"));
        return Base64.getDecoder().decode(image.get("data").textValue());
    }

    static String quoted(String text) {
        return MAPPER.getNodeFactory().textNode(text).toString();
    }

    @Override
    public void close() {
        socket.abort();
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private final class Answers implements WebSocket.Listener {

        private final StringBuilder received = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean isLast) {
            received.append(part);
            if (isLast) {
                complete(received.toString());
                received.setLength(0);
            }
            from.request(1);
            return null;
        }

        private void complete(String text) {
            try {
                JsonNode message = MAPPER.readTree(text);
                CompletableFuture<JsonNode> call = calls.remove(message.path("id").asInt());
                if (call != null) {
                    call.complete(message);
                }
            } catch (IOException invalid) {
                onError(socket, invalid);
            }
        }

        @Override
        public void onError(WebSocket from, Throwable failure) {
            calls.values().forEach(call -> call.completeExceptionally(failure));
        }
    }
}
