package dev.errand.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Builds a multipart body as browsers do. */
final class Multipart {

    static final String TYPE = "multipart/form-data; boundary=----xYzZY";

    private static final String BOUNDARY = "------xYzZY";

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    /** Adds the fields of a form in their order. */
    Multipart fields(JsonNode fields) {
        fields.properties().forEach(field -> field(field.getKey(), field.getValue().asText()));
        return this;
    }

    Multipart fields(Map<String, String> fields) {
        fields.forEach(this::field);
        return this;
    }

    Multipart field(String name, String value) {
        return part("Content-Disposition: form-data; name=\"" + name + "\"", bytes(value));
    }

    Multipart file(String contentType, byte[] content) {
        return part(
                "Content-Disposition: form-data; name=\"file\"; filename=\"f.bin\""
                        + (contentType.isEmpty() ? "" : "\r\nContent-Type: " + contentType),
                content);
    }

    Multipart part(String headers, byte[] content) {
        body.writeBytes(bytes(BOUNDARY + "\r\n" + headers + "\r\n\r\n"));
        body.writeBytes(content);
        body.writeBytes(bytes("\r\n"));
        return this;
    }

    /** Returns the body with its closing boundary. */
    byte[] toBytes() {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(body.toByteArray());
        whole.writeBytes(bytes(BOUNDARY + "--\r\n"));
        return whole.toByteArray();
    }

    /** Sends the body in a POST request without credentials. */
    Reply post(Client client, String url) {
        return client.as(null).send("POST", url, TYPE, BodyPublishers.ofByteArray(toBytes()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
