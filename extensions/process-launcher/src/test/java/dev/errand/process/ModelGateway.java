package dev.errand.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A provider of models on the loopback address, for real agent programs: it answers the first
 * request of a conversation with a call of the shell, and the next one with a final message.
 */
final class ModelGateway implements Closeable {

    static final String FINAL_MESSAGE = "The fence is fixed.";

    private static final JsonMapper JSON = new JsonMapper();
    private static final String USAGE =
            "\"usage\":{\"input_tokens\":11,\"output_tokens\":7,\"cache_read_input_tokens\":3}";

    private final HttpServer server;
    private final String shellCommand;
    private final List<JsonNode> requests = new CopyOnWriteArrayList<>();
    private final List<String> credentials = new CopyOnWriteArrayList<>();
    private volatile String rejection = "";
    private volatile Optional<Instant> limitEnd = Optional.empty();
    private volatile String finalMessage = FINAL_MESSAGE;

    ModelGateway(String shellCommand) throws IOException {
        this.shellCommand = shellCommand;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Rejects all credentials from now on. */
    void rejectCredentials() {
        rejection =
                "{\"type\":\"error\",\"error\":{\"type\":\"authentication_error\","
                        + "\"message\":\"Incorrect API key provided\"}}";
    }

    /** Rejects all requests from now on, because of a limit that ends at the given time. */
    void limitUntil(Instant end) {
        limitEnd = Optional.of(end);
    }

    /** Accepts requests again. */
    void liftLimit() {
        limitEnd = Optional.empty();
    }

    /** Sets the final message, from which some programs take structured output. */
    void endWith(String message) {
        finalMessage = message;
    }

    List<JsonNode> requests() {
        return List.copyOf(requests);
    }

    List<String> credentials() {
        return List.copyOf(credentials);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            boolean isClaude = path.endsWith("/messages");
            if (!isClaude && !path.endsWith("/responses") || body.length == 0) {
                send(exchange, 404, "application/json", "{\"error\":{\"message\":\"no\"}}");
                return;
            }
            credentials.add(String.valueOf(exchange.getRequestHeaders().get("Authorization")));
            if (!rejection.isEmpty()) {
                send(exchange, 401, "application/json", rejection);
                return;
            }
            if (limitEnd.isPresent()) {
                limit(exchange, isClaude, limitEnd.get());
                return;
            }
            JsonNode request = JSON.readTree(body);
            requests.add(request);
            send(
                    exchange,
                    200,
                    "text/event-stream",
                    isClaude ? claudeEvents(request) : codexEvents(request));
        }
    }

    /** Answers as the providers do when the quota of a subscription is used up. */
    private static void limit(HttpExchange exchange, boolean isClaude, Instant end)
            throws IOException {
        String seconds = Long.toString(end.getEpochSecond());
        if (isClaude) {
            String unified = "anthropic-ratelimit-unified-";
            exchange.getResponseHeaders().set(unified + "status", "rejected");
            exchange.getResponseHeaders().set(unified + "reset", seconds);
            exchange.getResponseHeaders().set(unified + "representative-claim", "five_hour");
            exchange.getResponseHeaders().set(unified + "5h-reset", seconds);
            exchange.getResponseHeaders().set(unified + "5h-utilization", "1");
            exchange.getResponseHeaders().set("x-should-retry", "false");
            send(
                    exchange,
                    429,
                    "application/json",
                    "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\","
                            + "\"message\":\"This request would exceed your account's rate limit."
                            + " Please try again later.\"}}");
        } else {
            send(
                    exchange,
                    429,
                    "application/json",
                    "{\"error\":{\"type\":\"usage_limit_reached\",\"message\":\"The usage limit"
                            + " has been reached\",\"plan_type\":\"plus\",\"resets_at\":"
                            + seconds
                            + "}}");
        }
    }

    private static void send(HttpExchange exchange, int status, String type, String text)
            throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private String claudeEvents(JsonNode request) throws IOException {
        boolean isDone = request.path("messages").toString().contains("\"tool_result\"");
        String start =
                isDone
                        ? "{\"type\":\"text\",\"text\":\"\"}"
                        : "{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"Bash\",\"input\":{}}";
        String delta =
                isDone
                        ? "{\"type\":\"text_delta\",\"text\":" + quote(finalMessage) + "}"
                        : "{\"type\":\"input_json_delta\",\"partial_json\":"
                                + quote("{\"command\":" + quote(shellCommand) + "}")
                                + "}";
        String stop = isDone ? "end_turn" : "tool_use";
        return event(
                        "message_start",
                        "\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\","
                                + "\"model\":\"m\",\"content\":[],\"stop_reason\":null,"
                                + USAGE
                                + "}")
                + event("content_block_start", "\"index\":0,\"content_block\":" + start)
                + event("content_block_delta", "\"index\":0,\"delta\":" + delta)
                + event("content_block_stop", "\"index\":0")
                + event(
                        "message_delta",
                        "\"delta\":{\"stop_reason\":\""
                                + stop
                                + "\"},\"usage\":{\"output_tokens\":7}")
                + event("message_stop", "\"x\":0");
    }

    private String codexEvents(JsonNode request) throws IOException {
        boolean isDone = request.path("input").toString().contains("function_call_output");
        String item =
                isDone
                        ? "{\"type\":\"message\",\"id\":\"msg_1\",\"role\":\"assistant\","
                                + "\"content\":[{\"type\":\"output_text\",\"text\":"
                                + quote(finalMessage)
                                + ",\"annotations\":[]}]}"
                        : "{\"type\":\"function_call\",\"id\":\"fc_1\",\"call_id\":\"call_1\","
                                + "\"name\":\"exec_command\",\"arguments\":"
                                + quote("{\"cmd\":" + quote(shellCommand) + "}")
                                + "}";
        String response =
                "\"response\":{\"id\":\"resp_1\",\"object\":\"response\",\"output\":["
                        + item
                        + "],"
                        + "\"usage\":{\"input_tokens\":11,\"input_tokens_details\":"
                        + "{\"cached_tokens\":3},\"output_tokens\":7,\"output_tokens_details\":"
                        + "{\"reasoning_tokens\":2},\"total_tokens\":18}}";
        return event("response.created", "\"response\":{\"id\":\"resp_1\"}")
                + event("response.output_item.done", "\"output_index\":0,\"item\":" + item)
                + event("response.completed", response);
    }

    private static String event(String type, String members) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + members + "}\n\n";
    }

    private static String quote(String text) throws IOException {
        return JSON.writeValueAsString(text);
    }
}
