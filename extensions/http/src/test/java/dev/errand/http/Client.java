package dev.errand.http;

import dev.errand.profile.ApiProfile;
import dev.errand.testsupport.OpenApiConformance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A client on the loopback interface, with or without a bearer token. It validates every exchange
 * against the OpenAPI document.
 */
final class Client {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static final Map<ApiProfile, OpenApiConformance> DOCUMENTS =
            new EnumMap<>(
                    Arrays.stream(ApiProfile.values())
                            .collect(
                                    Collectors.toMap(
                                            Function.identity(),
                                            it -> new OpenApiConformance(OpenApiDocument.of(it)))));

    private final URI base;
    private final String token;

    private final Optional<OpenApiConformance> document;

    Client(URI base, String token, ApiProfile profile) {
        this(base, token, Optional.of(DOCUMENTS.get(profile)));
    }

    private Client(URI base, String token, Optional<OpenApiConformance> document) {
        this.base = base;
        this.token = token;
        this.document = document;
    }

    /**
     * Returns a client that does not validate: for requests in a form that the server accepts but
     * the document does not have, such as a number in place of a text.
     */
    Client withoutValidation() {
        return new Client(base, token, Optional.empty());
    }

    /** Returns a client with another token, or without a token if it is null. */
    Client as(String other) {
        return new Client(base, other, document);
    }

    Reply get(String path) {
        return send(request(path).GET());
    }

    /** Opens an event stream. */
    EventReader stream(String path, String... headers) {
        HttpRequest.Builder request = request(path).header("Accept", "text/event-stream");
        try {
            return new EventReader(
                    HTTP.send(
                            (headers.length == 0 ? request : request.headers(headers)).build(),
                            BodyHandlers.ofInputStream()));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    Reply delete(String path) {
        return send(request(path).DELETE());
    }

    Reply post(String path, String json, String... headers) {
        return send("POST", path, json, headers);
    }

    Reply patch(String path, String json) {
        return send("PATCH", path, json);
    }

    /** Sends a JSON body. */
    Reply send(String method, String path, String json, String... headers) {
        HttpRequest.Builder request =
                request(path)
                        .header("Content-Type", "application/json")
                        .method(method, BodyPublishers.ofString(json));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    /** Sends a body with a content type, or without one if it is null. */
    Reply send(String method, String path, String contentType, BodyPublisher body) {
        HttpRequest.Builder request = request(path).method(method, body);
        return send(contentType == null ? request : request.header("Content-Type", contentType));
    }

    HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(base.resolve(path)).timeout(Duration.ofSeconds(30));
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    Reply send(HttpRequest.Builder request) {
        try {
            HttpRequest built = request.build();
            HttpResponse<byte[]> response = HTTP.send(built, BodyHandlers.ofByteArray());
            document.ifPresent(it -> it.validate(built, response));
            return new Reply(response);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
