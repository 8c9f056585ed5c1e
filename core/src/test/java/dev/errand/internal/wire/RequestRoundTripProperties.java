package dev.errand.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.error.Violation;
import dev.errand.internal.json.Text;
import dev.errand.internal.wire.Requests.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Every body is accepted, or rejected with violations that name invalid members. An accepted
 * request equals the request read from its canonical form.
 */
class RequestRoundTripProperties {

    private record Sent(Requests request, String body) {

        Outcome outcome() {
            return Outcome.of(() -> request.read(body));
        }
    }

    @Property(tries = 250, edgeCases = EdgeCasesMode.NONE)
    void everyBodyIsAcceptedOrRejectedWithTheInvalidMembers(@ForAll("bodies") Sent sent) {
        for (Violation violation : sent.outcome().violations()) {
            assertThat(violation.code().status()).isEqualTo(400);
            assertThat(violation.detail()).isNotBlank();
            assertThat(violation.missingArtifactIds()).isEmpty();
            assertNamesAMember(sent.request(), violation.attr().orElseThrow());
        }
    }

    @Property(tries = 250, edgeCases = EdgeCasesMode.NONE)
    void violationsAreInDeclarationOrder(@ForAll("bodies") Sent sent) {
        // Violations of rules between members follow in a separate order (docs/wire/README.md#e).
        List<Integer> positions =
                sent.outcome().violations().stream()
                        .filter(violation -> !violation.detail().contains("runtime"))
                        .map(violation -> violation.attr().orElseThrow().split("__")[0])
                        .map(sent.request().members()::indexOf)
                        .toList();
        assertThat(positions).isSorted();
    }

    @Property(tries = 250, edgeCases = EdgeCasesMode.NONE)
    void readingIsDeterministic(@ForAll("bodies") Sent sent) {
        assertThat(sent.outcome()).isEqualTo(sent.outcome());
    }

    /** The canonical form of an accepted request is accepted, and yields an equal request. */
    @Property(tries = 250, edgeCases = EdgeCasesMode.NONE)
    void theCanonicalFormYieldsAnEqualRequest(@ForAll("validBodies") Sent sent) {
        Record request = sent.outcome().request();
        if (request != null) {
            byte[] canonical = CanonicalJson.of(request);
            assertThat(Requests.read(sent.request().type(), canonical)).isEqualTo(request);
        }
    }

    @Property(tries = 600)
    void everyCorruptedBodyIsAcceptedOrRejected(
            @ForAll Requests request,
            @ForAll byte[] inserted,
            @ForAll("places") int at,
            @ForAll("places") int removed) {
        byte[] body = request.body().toString().getBytes(StandardCharsets.UTF_8);
        int from = at % (body.length + 1);
        int to = Math.min(body.length, from + removed % 4);
        byte[] broken = Arrays.copyOf(body, from + inserted.length + body.length - to);
        System.arraycopy(inserted, 0, broken, from, inserted.length);
        System.arraycopy(body, to, broken, from + inserted.length, body.length - to);
        Outcome outcome = Outcome.of(() -> Requests.read(request.type(), broken));
        assertThat(outcome.request() == null).isNotEqualTo(outcome.violations().isEmpty());
    }

    /** Asserts that each step of a path is a member or an index. */
    private static void assertNamesAMember(Requests request, String attr) {
        String[] steps = attr.split("__");
        assertThat(request.members()).contains(steps[0]);
        for (int i = 1; i < steps.length; i++) {
            if (i % 2 == 1) {
                assertThat(steps[i]).matches("\\d+");
            } else {
                Requests item =
                        switch (request) {
                            case PREPARE_UPLOADS -> Requests.UPLOAD_REQUEST;
                            case INLINE_UPLOADS -> Requests.INLINE_UPLOAD;
                            default -> Requests.FINALIZE_REQUEST;
                        };
                assertThat(item.members()).contains(steps[i]);
            }
        }
    }

    // Bodies

    @Provide
    Arbitrary<Sent> bodies() {
        return Arbitraries.of(Requests.values()).flatMap(request -> bodies(request, 3));
    }

    @Provide
    Arbitrary<Sent> validBodies() {
        return Arbitraries.of(Requests.values()).flatMap(request -> bodies(request, 60));
    }

    @Provide
    Arbitrary<Integer> places() {
        return Arbitraries.integers().between(0, 1_000);
    }

    /**
     * Generates bodies with members in any order, some duplicate and some unknown. For each
     * arbitrary value there are on average {@code validPerArbitrary} valid ones.
     */
    private static Arbitrary<Sent> bodies(Requests request, int validPerArbitrary) {
        ObjectNode valid = request.body();
        List<String> names = new ArrayList<>(request.members());
        names.add("unknown");
        Arbitrary<String> member =
                Arbitraries.of(names)
                        .flatMap(
                                name ->
                                        Arbitraries.frequencyOf(
                                                        Tuple.of(
                                                                validPerArbitrary,
                                                                Arbitraries.just(
                                                                        valid.path(name)
                                                                                .toString())),
                                                        Tuple.of(1, values(valid.path(name))))
                                                .map(
                                                        value ->
                                                                "\""
                                                                        + name
                                                                        + "\": "
                                                                        + (value.isEmpty()
                                                                                ? "1"
                                                                                : value)));
        return Combinators.combine(
                        Arbitraries.shuffle(request.members()),
                        member.list().ofMaxSize(names.size()),
                        Arbitraries.integers().between(0, names.size()))
                .as(
                        (order, members, kept) -> {
                            List<String> all = new ArrayList<>();
                            order.subList(0, Math.min(kept, order.size()))
                                    .forEach(
                                            name ->
                                                    all.add(
                                                            "\""
                                                                    + name
                                                                    + "\": "
                                                                    + valid.path(name)));
                            all.addAll(members);
                            return new Sent(request, "{" + String.join(", ", all) + "}");
                        });
    }

    private static Arbitrary<String> values(JsonNode valid) {
        Arbitrary<String> any =
                Arbitraries.of(
                        "null",
                        "true",
                        "false",
                        "0",
                        "1",
                        "-1",
                        "1.5",
                        "1e400",
                        "31457281",
                        "99999999999999999999",
                        "\"\"",
                        "\" \"",
                        "\"x\"",
                        "\"yes\"",
                        "\"12\"",
                        "\"\\u0000\"",
                        "\"\\ud800\"",
                        "\"a/b\"",
                        "\"claude\"",
                        "\"codex\"",
                        "\"plan\"",
                        "\"queued\"",
                        "\"local\"",
                        "\"cloud\"",
                        "\"implementation\"",
                        "\"2d0f5c6e7a1b4b7e9d418c5a6f3e2b10\"",
                        "\"" + "x".repeat(300) + "\"",
                        "\" \\u0085y\\u00a0\"",
                        "[]",
                        "[null]",
                        "[\"\"]",
                        "[\"a\", 5]",
                        "[[]]",
                        "[{}]",
                        "[{}, {\"name\": \"\"}]",
                        "[{\"name\": \"n\", \"type\": \"plan\", \"size\": \"7\"}]",
                        "[{\"name\": 1, \"type\": 2, \"size\": 0, \"source\": null, \"id\": {}, \"storage_path\": []}]",
                        "{}",
                        "{\"a\": {\"b\": [1.10]}}",
                        "{\"type\": 5}",
                        "{\"$ref\": \"#/none\"}");
        Arbitrary<String> text =
                Arbitraries.strings()
                        .ofMaxLength(20)
                        .map(
                                one ->
                                        Requests.MAPPER
                                                .getNodeFactory()
                                                .textNode(Text.withoutLoneSurrogates(one))
                                                .toString());
        return Arbitraries.oneOf(
                any,
                text,
                any.map(one -> "[" + one + ", " + valid.path(0) + "]")
                        .filter(one -> !one.contains(", ]")));
    }
}
