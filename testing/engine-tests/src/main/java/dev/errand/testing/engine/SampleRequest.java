package dev.errand.testing.engine;

import static dev.errand.testing.engine.WireJson.quoted;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * A generated request: some members of one operation, in their declared order.
 *
 * @param declared every member that the operation has
 * @param members the members that the request has
 * @param unknown the value of a member that the operation does not have
 * @param order decides the order of the members in the body
 */
record SampleRequest(
        List<String> declared,
        Map<String, SampleValue> members,
        Optional<String> unknown,
        long order) {

    /** The members of one operation with their values. */
    static final class Declaration {
        private final Map<String, Arbitrary<SampleValue>> members = new LinkedHashMap<>();

        /** Adds the next member, in the documented order. */
        Declaration member(String name, Arbitrary<SampleValue> values) {
            members.put(name, values);
            return this;
        }

        /**
         * Returns requests with a random choice of members. Two thirds of them are valid.
         *
         * @param broken returns the member that breaks a rule between members, if any
         * @param cures sets of members to omit; a valid request omits the first set without which
         *     it breaks no rule between members
         */
        Arbitrary<SampleRequest> requests(
                Function<SampleRequest, Optional<String>> broken, List<Set<String>> cures) {
            Arbitrary<SampleRequest> good =
                    requests(values -> values.filter(sample -> !sample.isRejected()))
                            .map(
                                    request ->
                                            Stream.concat(
                                                            Stream.of(Set.<String>of()),
                                                            cures.stream())
                                                    .map(request::without)
                                                    .filter(it -> broken.apply(it).isEmpty())
                                                    .findFirst()
                                                    .orElseThrow());
            Arbitrary<SampleRequest> any = requests(values -> values);
            return Arbitraries.frequencyOf(Tuple.of(2, good), Tuple.of(1, any));
        }

        private Arbitrary<SampleRequest> requests(UnaryOperator<Arbitrary<SampleValue>> choice) {
            List<String> declared = List.copyOf(members.keySet());
            List<Arbitrary<Optional<SampleValue>>> values =
                    members.values().stream()
                            .map(each -> choice.apply(each).withoutEdgeCases().optional(0.6))
                            .toList();
            return Combinators.combine(
                            Combinators.combine(values).as(chosen -> chosen),
                            SampleValues.json().withoutEdgeCases().optional(0.3),
                            Arbitraries.randomValue(Random::nextLong))
                    .as((chosen, unknown, order) -> request(declared, chosen, unknown, order));
        }

        private static SampleRequest request(
                List<String> declared,
                List<Optional<SampleValue>> chosen,
                Optional<String> unknown,
                long order) {
            Map<String, SampleValue> members = new LinkedHashMap<>();
            for (int i = 0; i < declared.size(); i++) {
                String name = declared.get(i);
                chosen.get(i).ifPresent(sample -> members.put(name, sample));
            }
            return new SampleRequest(declared, members, unknown, order);
        }
    }

    /** Returns a copy without some of its members. */
    private SampleRequest without(Set<String> names) {
        Map<String, SampleValue> rest = new LinkedHashMap<>(members);
        rest.keySet().removeAll(names);
        return new SampleRequest(declared, rest, unknown, order);
    }

    /** Returns the JSON body. */
    String json() {
        List<String> parts = new ArrayList<>();
        members.forEach((name, sample) -> parts.add(quoted(name) + ": " + sample.sent()));
        unknown.ifPresent(value -> parts.add("\"no_such_member\":" + value));
        Collections.shuffle(parts, new Random(order));
        return parts.stream().collect(Collectors.joining(" ,\n", "{", "}"));
    }

    /** Returns the first member whose own value is invalid. */
    Optional<String> firstRejected() {
        return members.entrySet().stream()
                .filter(member -> member.getValue().isRejected() && !member.getValue().lookedUp())
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** Returns the members that refer to unknown objects. */
    List<String> missing() {
        return members.entrySet().stream()
                .filter(member -> member.getValue().lookedUp())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Returns the expected stored value of a member, if it is present and valid. */
    Optional<JsonNode> read(String name) {
        return Optional.ofNullable(members.get(name))
                .flatMap(SampleValue::read)
                .map(WireJson::json);
    }

    /** Returns the expected stored text of a member, if it is present, valid and text. */
    Optional<String> text(String name) {
        return read(name).filter(JsonNode::isTextual).map(JsonNode::textValue);
    }

    /** Returns the JSON body. */
    @Override
    public String toString() {
        return json();
    }
}
