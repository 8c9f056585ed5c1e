package dev.errand.http;

import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The decoded parameters of a query, in order (docs/wire/conventions.md#conventions). */
record QueryParameters(List<Parameter> all) {

    /** A name with its value, which is empty if the parameter has none. */
    record Parameter(String name, String value) {}

    /**
     * Parses a query.
     *
     * @param query the query string; null if there is none
     * @throws InvalidRequestException if it is not percent-encoded UTF-8
     */
    static QueryParameters of(String query) {
        List<Parameter> all = new ArrayList<>();
        if (query != null) {
            for (String pair : query.split("&")) {
                if (!pair.isEmpty()) {
                    int end = pair.indexOf('=');
                    String name = decoded(end < 0 ? pair : pair.substring(0, end));
                    all.add(new Parameter(name, end < 0 ? "" : decoded(pair.substring(end + 1))));
                }
            }
        }
        return new QueryParameters(List.copyOf(all));
    }

    /** Returns the last value of a parameter, if it is not empty. */
    Optional<String> text(String name) {
        return all.stream()
                .filter(parameter -> parameter.name().equals(name))
                .reduce((earlier, later) -> later)
                .map(Parameter::value)
                .filter(value -> !value.isEmpty());
    }

    /** Returns the encoded query without the named parameters. */
    String without(Set<String> names) {
        return all.stream()
                .filter(parameter -> !names.contains(parameter.name()))
                .map(
                        parameter ->
                                PercentEncoding.encodeQuery(parameter.name())
                                        + '='
                                        + PercentEncoding.encodeQuery(parameter.value()))
                .collect(Collectors.joining("&"));
    }

    private static String decoded(String encoded) {
        return PercentEncoding.decodeQuery(encoded)
                .orElseThrow(
                        () ->
                                InvalidRequestException.of(
                                        Violation.ofRequest(
                                                ErrorCode.INVALID_INPUT,
                                                "The query string is not percent-encoded"
                                                        + " UTF-8.")));
    }
}
