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
 * Whatever is sent, a request comes of it or a refusal that names what to mend; and what is valid
 * stays so.
 */
class RequestRoundTripProperties {

    private record Sent(Requests request, String body) {

        Outcome outcome() {
            return Outcome.of(() -> request.read(body));
        }
    }

    @Property(tries = 250, edgeCases = EdgeCasesMode.NONE)
    void everyBodyIsARequestOrARefusalThatNamesItsMembers(@ForAll("bodies") Sent sent) {
        for (Violation violation : sent.outcome().violations()) {
            assertThat(violation.code().status()).isEqualTo(400);
            assertThat(violation.detail()).isNotBlank();
            assertThat(violation.missingArtifactIds()).isEmpty();
            assertNamesAMember(sent.request(), violation.attr().orElseThrow());
        }
    }

    @Property(tries = 250, edgeCases = EdgeCasesMode.NONE)
    void problemsStandInDeclaredOrder(@ForAll("bodies") Sent sent) {
        // The rules between members come after the members, in an order of their own
        // (docs/wire/README.md#e).
        List<Integer> positions =
                sent.outcome().violations().stream()
                        .filter(violation -> !violation.detail().contains("runtime"))
                        .map(violation -> violation.attr().orElseThrow().split("__")[0])
                        .map(sent.request().members()::indexOf)
                        .toList();
        assertThat(positions).isSorted();
    }

    @Property(tries = 250, edgeCases = EdgeCasesMode.NONE)
    void readingTwiceGivesTheSame(@ForAll("bodies") Sent sent) {
        assertThat(sent.outcome()).isEqualTo(sent.outcome());
    }

    /** What was accepted once is accepted in its canonical form, and is the same request. */
    @Property(tries = 250, edgeCases = EdgeCasesMode.NONE)
    void aRequestReadsAsItselfWhenItIsWrittenBack(@ForAll("validBodies") Sent sent) {
        Record request = sent.outcome().request();
        if (request != null) {
            byte[] canonical = CanonicalJson.of(request);
            assertThat(Requests.read(sent.request().type(), canonical)).isEqualTo(request);
        }
    }

    @Property(tries = 600)
    void noByteThatGoesWrongMakesAnythingButARefusal(
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

    /** Each step of a path is a member, or a position in a list. */
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
     * Members in any order, some twice, some unknown; of so many valid ones, one is of any kind.
     */
    private static Arbitrary<Sent> bodies(Requests request, int validOnes) {
        ObjectNode valid = request.body();
        List<String> names = new ArrayList<>(request.members());
        names.add("unknown");
        Arbitrary<String> member =
                Arbitraries.of(names)
                        .flatMap(
                                name ->
                                        Arbitraries.frequencyOf(
                                                        Tuple.of(
                                                                validOnes,
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
