package dev.errand.http;

import dev.errand.error.ErrorCode;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the OpenAPI document says about an operation, beyond what its route says. The methods add to
 * the description and return it; it is not changed after {@link OperationDescriptions} is built.
 */
final class OperationDescription {

    private static final Type[] NONE = {};

    private final String method;
    private final String path;
    private final String id;
    private final String summary;
    private final List<QueryParameter> query = new ArrayList<>();
    private final List<String> headers = new ArrayList<>();
    private final Set<ErrorCode> errors = EnumSet.noneOf(ErrorCode.class);
    private final Set<Integer> statuses = new TreeSet<>();
    private Optional<Class<? extends Record>> request = Optional.empty();
    private Optional<Class<? extends Record>> view = Optional.empty();
    private Type[] arguments = NONE;
    private Optional<String> mediaType = Optional.empty();
    private boolean isIdempotent;

    /**
     * Creates a description.
     *
     * @param path the pattern of the path
     * @param id the unique {@code operationId}, from which generated clients name their methods
     */
    OperationDescription(String method, String path, String id, String summary) {
        this.method = method;
        this.path = path;
        this.id = id;
        this.summary = summary;
    }

    /**
     * A query parameter.
     *
     * @param schema its JSON schema
     */
    record QueryParameter(String name, String schema, String description) {}

    /** Adds query parameters. */
    OperationDescription query(List<QueryParameter> parameters) {
        query.addAll(parameters);
        return this;
    }

    /** Sets the request that the body is bound to. */
    OperationDescription takes(Class<? extends Record> type) {
        request = Optional.of(type);
        return this;
    }

    /** Declares that the operation reads {@code Idempotency-Key}. */
    OperationDescription idempotent() {
        isIdempotent = true;
        return this;
    }

    /** Adds a successful status whose body is a view. */
    OperationDescription answers(int status, Class<? extends Record> type, Type... typeArguments) {
        view = Optional.of(type);
        arguments = typeArguments;
        return answers(status, MediaTypes.JSON);
    }

    /** Adds a successful status whose body has no schema. */
    OperationDescription answers(int status, String type) {
        mediaType = Optional.of(type);
        return answers(status);
    }

    /** Adds a successful status without a body. */
    OperationDescription answers(int status) {
        statuses.add(status);
        return this;
    }

    /** Adds headers of successful responses, which {@link OpenApiComponents} defines. */
    OperationDescription headers(String... names) {
        headers.addAll(List.of(names));
        return this;
    }

    /** Adds error codes that not every operation of its kind has. */
    OperationDescription errors(ErrorCode... codes) {
        Collections.addAll(errors, codes);
        return this;
    }

    String method() {
        return method;
    }

    String path() {
        return path;
    }

    String id() {
        return id;
    }

    String summary() {
        return summary;
    }

    List<QueryParameter> query() {
        return query;
    }

    List<String> headers() {
        return headers;
    }

    Set<ErrorCode> errors() {
        return errors;
    }

    Set<Integer> statuses() {
        return statuses;
    }

    Optional<Class<? extends Record>> request() {
        return request;
    }

    Optional<Class<? extends Record>> view() {
        return view;
    }

    Type[] arguments() {
        return arguments;
    }

    Optional<String> mediaType() {
        return mediaType;
    }

    boolean isIdempotent() {
        return isIdempotent;
    }
}
