package dev.errand.server.hostile;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Generates requests that deviate from valid ones in up to three places, from a seed. */
final class MutatedRequests {

    private static final List<String> METHODS =
            List.of(
                    "GET",
                    "HEAD",
                    "POST",
                    "PUT",
                    "PATCH",
                    "DELETE",
                    "OPTIONS",
                    "TRACE",
                    "BREW",
                    "get",
                    "CONNECT",
                    "G\u0000T",
                    "x".repeat(300));
    private static final List<String> SEGMENTS =
            List.of(
                    "..",
                    ".",
                    "%2e%2e",
                    "%00",
                    "%ff",
                    "%zz",
                    "a;b=c",
                    "%2F",
                    "%252F",
                    "",
                    "@current",
                    "2",
                    "0",
                    "-1",
                    "99999999999999999999",
                    "x".repeat(5000),
                    "\u00fc",
                    "%F0%9F%92%A5",
                    "00000000-0000-0000-0000-000000000000",
                    "runs",
                    "append_log",
                    "<script>",
                    "a b",
                    "'--",
                    "*");
    private static final List<String> QUERIES =
            List.of(
                    "limit=-1",
                    "limit=0",
                    "limit=2&limit=3",
                    "offset=99999999999999999999",
                    "limit=%ff",
                    "limit=",
                    "after=x",
                    "after=2026-99-99T00:00:00Z",
                    "event_types=%00",
                    "ordering=-x",
                    "search=" + "%25".repeat(500),
                    "archived=maybe",
                    "created_by=1'",
                    "=&&=",
                    "%",
                    "repository=a/b/c",
                    "exclude_types=,",
                    "expires=9999-12-31T23:59:59Z",
                    "status=%E2%82%AC",
                    "limit=1&offset=1&x[]=1");
    private static final List<String> HEADERS =
            List.of(
                    "Content-Type: text/plain",
                    "Content-Type: application/json; charset=utf-16",
                    "Content-Type: ",
                    "Content-Type: multipart/form-data",
                    "Content-Encoding: gzip",
                    "Accept: text/html",
                    "Idempotency-Key: ",
                    "Idempotency-Key: a",
                    "Idempotency-Key: " + "k".repeat(300),
                    "Idempotency-Key: \u00fc",
                    "Host: a:b:c",
                    "Host: [::1",
                    "Expect: 100-continue",
                    "Expect: x",
                    "Range: bytes=0-",
                    "If-None-Match: *",
                    "Cookie: a=\"",
                    "X-HTTP-Method-Override: DELETE",
                    "Transfer-Encoding: chunked",
                    "Transfer-Encoding: x",
                    "Content-Length: 5",
                    "Content-Length: -1",
                    "Content-Length: 999999999999999999999",
                    "Content-Length: 40000000",
                    "Connection: Upgrade",
                    "Upgrade: h2c",
                    "X-Forwarded-For: 1.2.3.4",
                    "X: " + "x".repeat(9000),
                    "Authorization: Basic x",
                    "Authorization: Bearer",
                    ": x",
                    "X\u0001: y",
                    "Forwarded: for=\"");
    private static final List<String> VALUES =
            List.of(
                    "null",
                    "true",
                    "0",
                    "-1",
                    "1e999",
                    "9".repeat(1001),
                    "\"\"",
                    "\" \"",
                    "[]",
                    "{}",
                    "[null]",
                    "[[]]",
                    "\"\\u0000\"",
                    "\"\\ud800\"",
                    "\"x\\ny\"",
                    "\"completed\"",
                    "\"cancelled\"",
                    "\"" + "x".repeat(60_000) + "\"",
                    "[".repeat(250) + "]".repeat(250),
                    "{\"a\": {\"b\": [1, \"c\"]}}",
                    "\"../../etc/passwd\"",
                    "\"-x\"",
                    "1.5",
                    "\"2026-01-01\"");
    private static final List<byte[]> FRAGMENTS =
            List.of(
                    bytes("\u0000"),
                    new byte[] {(byte) 0xff},
                    new byte[] {(byte) 0xc3, 0x28},
                    bytes("}"),
                    bytes("\""),
                    bytes("\\"),
                    bytes(","),
                    bytes("[[["),
                    bytes("--x--"),
                    bytes("\r\n\r\n"),
                    new byte[] {(byte) 0xef, (byte) 0xbb, (byte) 0xbf},
                    bytes("\\u12"));

    private final Random random;

    MutatedRequests(long seed) {
        random = new Random(seed);
    }

    /** Returns one of the elements. */
    <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** Returns the bytes of the next request. */
    byte[] next(Route route, String task, String run, String authorization) {
        String method = route.method();
        String target = filled(route.path(), task, run);
        byte[] body = bytes(filled(route.body(), task, run));
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Host", "Host: localhost");
        if (!authorization.isEmpty()) {
            headers.put("Authorization", "Authorization: " + authorization);
        }
        if (body.length > 0) {
            headers.put("Content-Type", "Content-Type: " + route.contentType());
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            switch (random.nextInt(8)) {
                case 0 -> method = pick(METHODS);
                case 1 -> target = otherPath(target);
                case 2 -> target += (target.contains("?") ? "&" : "?") + pick(QUERIES);
                case 3 -> {
                    String header = pick(HEADERS);
                    headers.put(header.substring(0, header.indexOf(':')), header);
                }
                default -> body = otherBody(body);
            }
        }
        headers.putIfAbsent("Content-Length", "Content-Length: " + body.length);
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        String head = method + " " + target + " HTTP/1.1\r\n";
        request.writeBytes(bytes(head + String.join("\r\n", headers.values())));
        request.writeBytes(bytes("\r\nConnection: close\r\n\r\n"));
        request.writeBytes(body);
        return request.toByteArray();
    }

    private static String filled(String template, String task, String run) {
        return template.replace("{task}", task).replace("{run}", run);
    }

    private String otherPath(String target) {
        String[] segments = target.split("/", -1);
        int at = random.nextInt(segments.length);
        return switch (random.nextInt(4)) {
            case 0 -> target + "/" + pick(SEGMENTS);
            case 1 -> target.substring(0, random.nextInt(target.length()) + 1);
            default -> {
                segments[at] = pick(SEGMENTS);
                yield "/" + String.join("/", segments).replaceFirst("^/", "");
            }
        };
    }

    private byte[] otherBody(byte[] body) {
        if (body.length == 0) {
            return bytes(pick(VALUES));
        }
        return switch (random.nextInt(6)) {
            case 0 -> Arrays.copyOf(body, random.nextInt(body.length));
            case 1 -> {
                byte[] flipped = body.clone();
                flipped[random.nextInt(body.length)] = (byte) random.nextInt(256);
                yield flipped;
            }
            case 2 -> withFragment(body);
            case 3 -> bytes(pick(VALUES));
            default -> withValue(body);
        };
    }

    private byte[] withFragment(byte[] body) {
        int at = random.nextInt(body.length + 1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(body, 0, at);
        out.writeBytes(pick(FRAGMENTS));
        out.write(body, at, body.length - at);
        return out.toByteArray();
    }

    /** Replaces what follows a colon, up to the next comma or bracket. */
    private byte[] withValue(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        int from = text.indexOf(':', random.nextInt(text.length()));
        if (from < 0) {
            return withFragment(body);
        }
        String rest = text.substring(from + 1);
        String end = rest.replaceFirst("^[^,}\\]]*", "");
        return bytes(text.substring(0, from + 1) + " " + pick(VALUES) + end);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
