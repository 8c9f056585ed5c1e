package dev.errand.internal.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.keyword.UnknownKeywordFactory;
import com.sun.management.ThreadMXBean;
import dev.errand.spi.JsonText;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Usable output schemas, and the reasons for which outputs are rejected (docs/wire/tasks.md#d2,
 * docs/wire/runs.md#i4, docs/wire/guarantees.md#j22).
 */
class OutputSchemasTest {

    /** Much longer than a bounded validation takes, and much shorter than an unbounded one. */
    private static final Duration BOUNDED = Duration.ofSeconds(20);

    /** Garbage included. */
    private static final long MAX_ALLOCATED_BYTES = 500_000_000;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "true",
                "false",
                "{}",
                "{\"type\": \"object\", \"required\": [\"pr_url\"]}",
                "{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", \"type\": [\"object\", \"null\"]}",
                "{\"$schema\": \"https://json-schema.org/draft/2020-12/schema#\"}",
                "{\"$schema\": \"https://json-schema.org/draft/2019-09/schema\", \"$recursiveAnchor\": true}",
                "{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"if\": {\"type\": \"string\"}, \"then\": {}}",
                "{\"$schema\": \"http://json-schema.org/draft-07/schema\"}",
                "{\"$schema\": \"http://json-schema.org/draft-06/schema#\"}",
                "{\"$schema\": \"http://json-schema.org/draft-04/schema#\", \"maximum\": 5, \"exclusiveMaximum\": true}",
                "{\"$schema\": \"http://json-schema.org/draft-04/schema\"}",
                "{\"title\": \"t\", \"x-own\": {\"anything\": 1}, \"format\": \"no-such-format\"}",
                "{\"pattern\": \"^[a-z]+$\", \"patternProperties\": {\"^\\\\p{Letter}+$\": {}}}",
                "{\"properties\": {\"children\": {\"items\": {\"$ref\": \"#\"}}}}",
                "{\"$ref\": \"#/$defs/a\", \"$defs\": {\"a\": {\"type\": \"string\"}}}",
                "{\"$id\": \"https://example.com/s\", \"$anchor\": \"top\", \"items\": {\"$ref\": \"#top\"}}",
                "{\"$ref\": \"https://json-schema.org/draft/2020-12/schema\"}",
                "{\"$ref\": \"http://json-schema.org/draft-07/schema#\"}"
            })
    void usable(String schema) {
        assertThat(OutputSchemas.isUsable(JsonText.of(schema))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "5",
                "\"object\"",
                "[]",
                "not json",
                "{\"type\": \"objekt\"}",
                "{\"type\": 5}",
                "{\"type\": []}",
                "{\"required\": \"pr_url\"}",
                "{\"properties\": []}",
                "{\"properties\": {\"a\": 5}}",
                "{\"minimum\": \"1\"}",
                "{\"maxLength\": -1}",
                "{\"maxLength\": 1e400}",
                "{\"minItems\": 1.5}",
                "{\"multipleOf\": 0}",
                "{\"enum\": 5}",
                "{\"allOf\": []}",
                "{\"pattern\": \"(\"}",
                "{\"properties\": {\"a\": {\"pattern\": \"[\"}}}",
                "{\"patternProperties\": {\"(\": {}}}",
                "{\"$schema\": \"https://example.com/schema\"}",
                "{\"$schema\": \"http://json-schema.org/draft-03/schema#\"}",
                "{\"$schema\": \"\"}",
                "{\"$schema\": 5}",
                "{\"$schema\": null}",
                "{\"$schema\": {}}",
                "{\"$id\": \"::::\"}",
                "{\"$ref\": \"#\"}",
                "{\"allOf\": [{\"$ref\": \"#\"}]}",
                "{\"$ref\": \"#/$defs/none\"}",
                "{\"properties\": {\"a\": {\"$ref\": \"#/$defs/none\"}}}",
                "{\"$ref\": \"other.json\"}",
                "{\"$ref\": \"urn:example:other\"}",
                "{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"exclusiveMaximum\": true}"
            })
    void unusable(String schema) {
        assertThat(OutputSchemas.isUsable(JsonText.of(schema))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "true; 5",
                "{}; null",
                "{\"type\": \"object\", \"required\": [\"a\"]}; {\"a\": 1}",
                "{\"type\": \"integer\"}; 1.0",
                "{\"type\": \"number\"}; 1e400",
                "{\"const\": 123456789012345678901234567890}; 123456789012345678901234567890",
                "{\"multipleOf\": 0.01}; 1.10",
                "{\"maxLength\": 1}; \"\ud83d\ude00\"",
                "{\"$schema\": \"http://json-schema.org/draft-07/schema\", \"type\": \"string\"}; \"x\"",
                "{\"$schema\": \"https://json-schema.org/draft/2020-12/schema#\", \"type\": \"string\"}; \"x\"",
                "{\"items\": {\"$ref\": \"#\"}, \"maxItems\": 1}; [[[[]]]]",
                "{\"format\": \"date-time\"}; \"2026-05-06T08:12:44.310225Z\"",
                "{\"format\": \"no-such-format\"}; \"anything\""
            })
    void satisfied(String schema, String output) {
        assertThat(OutputSchemas.problem(JsonText.of(schema), JsonText.of(output))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "false; 5; schema",
                "{\"type\": \"object\"}; 5; integer found, object expected",
                "{\"required\": [\"pr_url\"]}; {}; pr_url",
                "{\"properties\": {\"a\": {\"type\": \"string\"}}}; {\"a\": 1}; /a",
                "{\"items\": {\"type\": \"string\"}}; [\"a\", 1]; /1",
                "{\"const\": 123456789012345678901234567890}; 123456789012345678901234567891; constant",
                "{\"type\": \"integer\"}; 1.5; integer expected",
                "{\"format\": \"date-time\"}; \"yesterday\"; date-time",
                "{\"pattern\": \"^a$\"}; \"a\\n\"; pattern",
                "{\"items\": {\"$ref\": \"#\"}, \"maxItems\": 1}; [[[[1,2]]]]; /0/0/0",
                "{\"$schema\": \"http://json-schema.org/draft-07/schema\", \"type\": \"string\"}; 5; string expected",
                "{\"items\": {\"$ref\": \"#/$defs/l\"}, \"$defs\": {\"l\": {\"$ref\": \"#/$defs/l\"}}}; [1]; more steps than are permitted"
            })
    void notSatisfied(String schema, String output, String reason) {
        assertThat(OutputSchemas.problem(JsonText.of(schema), JsonText.of(output)))
                .hasValueSatisfying(text -> assertThat(text).contains(reason));
    }

    /** Every format of the library can be checked without optional dependencies. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "date",
                "date-time",
                "duration",
                "email",
                "hostname",
                "idn-email",
                "idn-hostname",
                "ipv4",
                "ipv6",
                "iri",
                "iri-reference",
                "json-pointer",
                "regex",
                "relative-json-pointer",
                "time",
                "uri",
                "uri-reference",
                "uuid"
            })
    void everyFormatIsChecked(String format) {
        JsonText schema = JsonText.of("{\"format\": \"" + format + "\"}");
        assertThat(OutputSchemas.isUsable(schema)).isTrue();
        assertThat(OutputSchemas.problem(schema, JsonText.of("\"a b(\"")))
                .hasValueSatisfying(reason -> assertThat(reason).contains(format));
    }

    @Test
    void aReasonIsBounded() {
        String large = "x".repeat(100_000);
        JsonText schema = JsonText.of("{\"const\": \"" + large + "\"}");
        assertThat(OutputSchemas.problem(schema, JsonText.of("\"" + large + "y\"")))
                .hasValueSatisfying(reason -> assertThat(reason.length()).isLessThanOrEqualTo(503));
    }

    @Test
    void aReasonDoesNotDependOnTheLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            assertThat(
                            OutputSchemas.problem(
                                    JsonText.of("{\"type\": \"object\"}"), JsonText.of("5")))
                    .hasValue(": integer found, object expected");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void aFailingSchemaDoesNotAffectOtherSchemas() {
        for (int i = 0; i < 5; i++) {
            assertThat(OutputSchemas.isUsable(JsonText.of("{\"$ref\": \"#\"}"))).isFalse();
            assertThat(OutputSchemas.isUsable(JsonText.of("{\"type\": \"object\"}"))).isTrue();
        }
    }

    @Test
    void schemasCanBeUsedByManyThreads() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Boolean>> answers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                boolean fits = i % 2 == 0;
                JsonText schema = JsonText.of("{\"properties\": {\"a\": {\"enum\": [" + i + "]}}}");
                JsonText output = JsonText.of("{\"a\": " + (fits ? i : -1) + "}");
                answers.add(
                        threads.submit(
                                () ->
                                        OutputSchemas.isUsable(schema)
                                                && OutputSchemas.problem(schema, output).isEmpty()
                                                        == fits));
            }
            for (Future<Boolean> answer : answers) {
                assertThat(answer.get()).isTrue();
            }
        } finally {
            threads.shutdown();
        }
    }

    // References

    /** Schemas with a reference in each possible position. */
    static List<String> schemasWithReference() {
        return List.of(
                "{\"$ref\": \"%s\"}",
                "{\"$ref\": \"%s#/definitions/a\"}",
                "{\"$dynamicRef\": \"%s\"}",
                "{\"properties\": {\"a\": {\"$ref\": \"%s\"}}}",
                "{\"items\": {\"not\": {\"$ref\": \"%s\"}}}",
                "{\"$schema\": \"%s\"}",
                "{\"$defs\": {\"a\": {\"$schema\": \"%s\", \"$id\": \"http://example.com/a\"}}, \"$ref\": \"#/$defs/a\"}",
                "{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"items\": [{\"$ref\": \"%s\"}]}",
                "{\"$schema\": \"https://json-schema.org/draft/2019-09/schema\", \"if\": {\"$ref\": \"%s\"}}");
    }

    @ParameterizedTest
    @MethodSource("schemasWithReference")
    void noReferenceIsFetched(String template) throws IOException {
        List<URI> requested = new CopyOnWriteArrayList<>();
        ProxySelector before = ProxySelector.getDefault();
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            server.setSoTimeout(1);
            ProxySelector.setDefault(recording(requested));
            String host = "127.0.0.1:" + server.getLocalPort();
            for (String reference :
                    List.of(
                            "http://" + host + "/schema.json",
                            "https://" + host + "/schema.json",
                            "jar:http://" + host + "/a.jar!/schema.json",
                            "ftp://" + host + "/schema.json",
                            "https://json-schema.org@" + host + "/schema.json",
                            "https://json-schema.org/learn/examples/address.schema.json")) {
                JsonText schema = JsonText.of(String.format(template, reference));
                assertThat(OutputSchemas.isUsable(schema)).as(schema.text()).isFalse();
                for (String output : List.of("{\"a\": 1}", "[1]", "5")) {
                    OutputSchemas.problem(schema, JsonText.of(output));
                }
            }
            assertThat(requested).isEmpty();
            Assertions.assertThrows(SocketTimeoutException.class, () -> server.accept().close());
        } finally {
            ProxySelector.setDefault(before);
        }
    }

    @Test
    void aReferenceRelativeToAnIdIsNotFetched() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            server.setSoTimeout(1);
            String id = "http://127.0.0.1:" + server.getLocalPort() + "/a";
            JsonText schema =
                    JsonText.of("{\"$id\": \"" + id + "\", \"items\": {\"$ref\": \"b\"}}");
            assertThat(OutputSchemas.isUsable(schema)).isFalse();
            assertThat(OutputSchemas.problem(schema, JsonText.of("[1]"))).isPresent();
            Assertions.assertThrows(SocketTimeoutException.class, () -> server.accept().close());
        }
    }

    /**
     * The library resolves json-schema.org to the class path, which also contains resources of the
     * host.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "classpath:schema-of-the-host.json",
                "classpath:/schema-of-the-host.json",
                "resource:schema-of-the-host.json",
                "https://json-schema.org/schema-of-the-host.json",
                "http://json-schema.org/schema-of-the-host.json",
                "https://json-schema.org/draft/../schema-of-the-host.json",
                "https://json-schema.org/draft/2020-12/../../schema-of-the-host.json",
                "file:///etc/hostname",
                "file:src/test/resources/schema-of-the-host.json"
            })
    void resourcesOfTheHostAreNotAccessible(String reference) {
        JsonText schema = JsonText.of("{\"$ref\": \"" + reference + "\"}");
        assertThat(OutputSchemas.isUsable(schema)).isFalse();
        assertThat(OutputSchemas.problem(schema, JsonText.of("5")))
                .hasValueSatisfying(reason -> assertThat(reason).doesNotContain("string"));
    }

    /** By default, the library caches each unknown keyword without a limit, and logs it. */
    @Test
    void unknownKeywordsAreNotCached() throws ReflectiveOperationException {
        Field kept = UnknownKeywordFactory.class.getDeclaredField("keywords");
        kept.setAccessible(true);
        Map<?, ?> before = Map.copyOf((Map<?, ?>) kept.get(UnknownKeywordFactory.getInstance()));
        for (String dialect :
                List.of(
                        "http://json-schema.org/draft-04/schema#",
                        "http://json-schema.org/draft-06/schema#",
                        "http://json-schema.org/draft-07/schema#",
                        "https://json-schema.org/draft/2019-09/schema",
                        "https://json-schema.org/draft/2020-12/schema")) {
            JsonText schema =
                    JsonText.of(
                            "{\"$schema\": \""
                                    + dialect
                                    + "\", \"x-"
                                    + dialect.hashCode()
                                    + "\": 1, \"type\": \"object\"}");
            assertThat(OutputSchemas.isUsable(schema)).as(dialect).isTrue();
            assertThat(OutputSchemas.problem(schema, JsonText.of("5"))).isPresent();
            assertThat(OutputSchemas.problem(schema, JsonText.of("{}"))).isEmpty();
        }
        assertThat(kept.get(UnknownKeywordFactory.getInstance())).isEqualTo(before);
    }

    // Cost of validation

    /** Small schemas and outputs that cause much work in the library or the regex engine. */
    static Map<String, String> bombs() {
        Map<String, String> bombs = new LinkedHashMap<>();
        String a = "a".repeat(3_000) + "!";
        bombs.put("{'pattern': '^(.*a){25}$'}", "'" + a + "'");
        bombs.put("{'pattern': '^(a*)*\\\\1b$'}", "'" + a + "'");
        bombs.put("{'pattern': '^((a{0,1000}){0,1000}){0,1000}$'}", "'" + a + "'");
        bombs.put("{'pattern': '(?:(?:){2147483647}){2147483647}x'}", "'a'");
        bombs.put("{'pattern': '(?:(?:(?:){9999}){9999}){9999}x'}", "'a'");
        bombs.put("{'format': 'email'}", "'" + "a.".repeat(50_000) + "@'");
        bombs.put("{'uniqueItems': true}", "[" + textsWithOneHashCode() + "]");
        for (String applicator : List.of("allOf", "anyOf", "oneOf")) {
            String child = "{'properties': {'a': {'$ref': '#'}}}";
            bombs.put(
                    "{'%s': [%s, %s], 'unevaluatedProperties': true}"
                            .formatted(applicator, child, child),
                    "{'a':".repeat(60) + "1" + "}".repeat(60));
        }
        String missing = "{'properties': {'a': {'$ref': '#'}}, 'required': ['%s']}";
        bombs.put(
                "{'anyOf': [%s, %s]}".formatted(missing.formatted("x"), missing.formatted("y")),
                "{'a':".repeat(45) + "1" + "}".repeat(45));
        bombs.put(
                "{'$defs': {'a': {'const': [%s]}}, 'allOf': [%s]}"
                        .formatted("1,".repeat(50_000) + "1", refs(5_000)),
                "[" + "1,".repeat(50_000) + "1]");
        return bombs;
    }

    private static String refs(int count) {
        return String.join(",", Collections.nCopies(count, "{'$ref': '#/$defs/a'}"));
    }

    /** Returns 32,768 texts with one hash code, which a hash set compares with each other. */
    private static String textsWithOneHashCode() {
        return IntStream.range(0, 1 << 15)
                .mapToObj(Integer::toBinaryString)
                .map(bits -> "0".repeat(15 - bits.length()) + bits)
                .map(bits -> "'" + bits.replace("0", "Aa").replace("1", "BB") + "'")
                .collect(Collectors.joining(","));
    }

    /** docs/wire/idempotency-and-limits.md#j35: the result says that a bound was exceeded. */
    @ParameterizedTest
    @MethodSource("bombEntries")
    void aValidationIsBoundedInTimeAndMemory(String schema, String output) {
        assertThat(OutputSchemas.isUsable(json(schema))).isTrue();
        long before = allocatedBytes();

        Optional<String> problem =
                Assertions.assertTimeout(
                        BOUNDED, () -> OutputSchemas.problem(json(schema), json(output)));

        assertThat(problem).contains("the validation needs more steps than are permitted");
        assertThat(allocatedBytes() - before).isLessThan(MAX_ALLOCATED_BYTES);
    }

    static Stream<Arguments> bombEntries() {
        return bombs().entrySet().stream().map(it -> Arguments.of(it.getKey(), it.getValue()));
    }

    /** A schema can also be costly to compile. */
    @Test
    void anEnumerationOfTextsWithOneHashCodeIsNotUsable() {
        Assertions.assertTimeout(
                BOUNDED,
                () ->
                        assertThat(
                                        OutputSchemas.isUsable(
                                                json("{'enum': [" + textsWithOneHashCode() + "]}")))
                                .isFalse());
    }

    /** The first of many errors ends the validation. */
    @Test
    void aValidationEndsAtTheFirstError() {
        JsonText schema = json("{'properties': {'a': {'items': {'type': 'string'}}}}");
        JsonText output = json("{'a': [" + "1,".repeat(300_000) + "1]}");
        OutputSchemas.problem(schema, output);
        long before = allocatedBytes();

        assertThat(OutputSchemas.problem(schema, output))
                .contains("/a/0: integer found, string expected");
        assertThat(allocatedBytes() - before).isLessThan(MAX_ALLOCATED_BYTES / 10);
    }

    /** The errors of an alternative end neither the alternative's validation nor the whole. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{'anyOf': [{'type': 'string'}, {'type': 'integer'}]}",
                "{'oneOf': [{'type': 'string'}, {'type': 'integer'}, {'minimum': 9}]}",
                "{'not': {'type': 'string'}}",
                "{'if': {'type': 'string'}, 'then': false, 'else': {'minimum': 1}}",
                "{'enum': ['a', 1]}",
                "{'items': {'type': 'string'}, 'contains': {'minimum': 1}, 'minContains': 1}"
            })
    void alternativesAreTried(String schema) {
        assertThat(OutputSchemas.problem(json(schema), json("1"))).isEmpty();
        assertThat(
                        OutputSchemas.problem(
                                json("{'contains': " + schema + "}"), json("['b', {}, 1]")))
                .isEmpty();
    }

    /** A long validation waits for its turn; a short one does not. */
    @Test
    void onlyLongValidationsWaitForEachOther() throws Exception {
        JsonText schema = json("{'pattern': '^(.*a){25}$'}");
        JsonText output = json("'" + "a".repeat(3_000) + "!'");
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<Optional<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                answers.add(threads.submit(() -> OutputSchemas.problem(schema, output)));
            }
            for (int i = 0; i < 100; i++) {
                assertThat(OutputSchemas.problem(json("{'type': 'integer'}"), json("5"))).isEmpty();
            }
            for (Future<Optional<String>> answer : answers) {
                assertThat(answer.get(1, TimeUnit.MINUTES)).isPresent();
            }
        } finally {
            threads.shutdown();
        }
    }

    private static JsonText json(String text) {
        return JsonText.of(text.replace('\'', '"'));
    }

    private static long allocatedBytes() {
        return ManagementFactory.getPlatformMXBean(ThreadMXBean.class)
                .getCurrentThreadAllocatedBytes();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"^(.*?,){20}P; 1,", "^(a|a|aa)*b$; a", "^(\\\\w+\\\\s?)*$; word"})
    void anExponentialPatternIsAborted(String pattern, String part) {
        JsonText schema = JsonText.of("{\"pattern\": \"" + pattern + "\"}");
        JsonText output = JsonText.of("\"" + part.repeat(60) + "!\"");
        assertThat(OutputSchemas.isUsable(schema)).isTrue();
        assertThat(bounded(schema, output)).isPresent();
    }

    @Test
    void patternsOfOneSchemaShareTheBudget() {
        JsonText schema = JsonText.of("{\"items\": {\"pattern\": \"^(.*?,){8}P\"}}");
        String item = "\"" + "1,".repeat(30) + "\"";
        JsonText output = JsonText.of("[" + (item + ",").repeat(2_000) + item + "]");
        assertThat(bounded(schema, output)).isPresent();
    }

    /** Each of sixty definitions applies the previous one twice, which yields 2^60 applications. */
    @Test
    void anExponentialSchemaIsNotUsable() {
        StringBuilder definitions = new StringBuilder("\"d0\": {}");
        for (int i = 1; i <= 60; i++) {
            String before = "{\"$ref\": \"#/$defs/d" + (i - 1) + "\"}";
            definitions.append(
                    String.format(", \"d%d\": {\"allOf\": [%s, %s]}", i, before, before));
        }
        JsonText schema =
                JsonText.of("{\"$ref\": \"#/$defs/d60\", \"$defs\": {" + definitions + "}}");
        Assertions.assertTimeoutPreemptively(
                BOUNDED, () -> assertThat(OutputSchemas.isUsable(schema)).isFalse());
        assertThat(bounded(schema, JsonText.of("5"))).isPresent();
    }

    /** The time is exponential only for a deep output. */
    @Test
    void aSchemaThatIsExponentialInTheDepthOfTheOutputIsAborted() {
        String child = "{\"properties\": {\"a\": {\"$ref\": \"#\"}}}";
        JsonText schema = JsonText.of("{\"allOf\": [" + child + ", " + child + "]}");
        assertThat(OutputSchemas.isUsable(schema)).isTrue();
        JsonText output = JsonText.of("{\"a\":".repeat(60) + "1" + "}".repeat(60));
        assertThat(bounded(schema, output)).isPresent();
    }

    @Test
    void theDeepestPossibleOutputIsValidated() {
        JsonText schema =
                JsonText.of(
                        "{\"anyOf\": [{\"properties\": {\"a\": {\"$ref\": \"#\"}}, \"type\": \"object\"},"
                                + " {\"type\": \"integer\"}]}");
        JsonText output = JsonText.of("{\"a\":".repeat(198) + "1" + "}".repeat(198));
        assertThat(OutputSchemas.problem(schema, output)).isEmpty();
    }

    @Test
    void aLargeOutputIsValidated() {
        JsonText schema =
                JsonText.of(
                        "{\"items\": {\"type\": \"object\", \"required\": [\"path\"],"
                                + " \"properties\": {\"path\": {\"type\": \"string\", \"pattern\": \"^[a-z/.]+$\"}}}}");
        JsonText output =
                JsonText.of(
                        "["
                                + "{\"path\":\"src/main/java.java\"},".repeat(29_999)
                                + "{\"path\":\"a\"}]");
        assertThat(OutputSchemas.problem(schema, output)).isEmpty();
    }

    private static Optional<String> bounded(JsonText schema, JsonText output) {
        return Assertions.assertTimeoutPreemptively(
                BOUNDED, () -> OutputSchemas.problem(schema, output));
    }

    private static ProxySelector recording(List<URI> requested) {
        return new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                requested.add(uri);
                return List.of(Proxy.NO_PROXY);
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
        };
    }
}
