package dev.errand.internal.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.AbsoluteIri;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.AnnotationKeyword;
import dev.errand.spi.JsonText;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Validates the outputs of runs against the JSON schemas of tasks (docs/wire/runs.md#i4,
 * docs/wire/guarantees.md#j22). Schemas are untrusted input: nothing that they refer to is fetched,
 * and the work they cause is bounded.
 */
public final class OutputSchemas {

    private static final String DEFAULT = SpecificationVersion.DRAFT_2020_12.getDialectId();
    private static final int MAX_REASON_LENGTH = 500;
    private static final JsonMapper MAPPER = new JsonMapper();

    /** Sufficient for the largest output of a request, but exceeded by exponential schemas. */
    private static final int MAX_KEYWORDS = 2_000_000;

    /** The limit when a new schema is tried on null and on an empty object. */
    private static final int MAX_KEYWORDS_ON_TRIAL = 20_000;

    /** A validation that needs less than this never waits for others. */
    private static final int KEYWORDS_WITHOUT_PERMIT = 20_000;

    /** The schema and the output of such a validation have at most this many characters. */
    private static final int CHARACTERS_WITHOUT_PERMIT = 100_000;

    /** Limits the number of long validations at a time, so that other requests are served. */
    private static final Semaphore PERMITS =
            new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), true);

    /** The documents of the supported dialects, which the library contains. */
    private static final Pattern DIALECT_DOCUMENT =
            Pattern.compile(
                    "https?://json-schema\\.org/draft"
                            + "(-0[467]/schema|/20(19-09|20-12)/(schema|meta/[a-z-]+))#?");

    private static final Map<String, Dialect> DIALECTS =
            Stream.of(
                            Dialects.getDraft4(),
                            Dialects.getDraft6(),
                            Dialects.getDraft7(),
                            Dialects.getDraft201909(),
                            Dialects.getDraft202012())
                    .map(OutputSchemas::withoutKeywordCache)
                    .collect(
                            Collectors.toUnmodifiableMap(
                                    dialect -> withoutFragment(dialect.getId()),
                                    Function.identity()));

    /** Without a cache, because callers determine the number of schemas. */
    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.builder()
                    .defaultDialectId(DEFAULT)
                    .dialectRegistry(
                            (id, registry) ->
                                    dialect(id)
                                            .orElseThrow(() -> new SchemaException("no dialect")))
                    .schemaCacheEnabled(false)
                    .schemaRegistryConfig(
                            SchemaRegistryConfig.builder()
                                    .formatAssertionsEnabled(true)
                                    .regularExpressionFactory(SchemaBudget::pattern)
                                    .locale(Locale.ROOT)
                                    .build())
                    .schemaLoader(loader -> loader.allow(OutputSchemas::isDialectDocument))
                    .build();

    /** The meta-schemas, by dialect. */
    private static final Map<String, Schema> META = new ConcurrentHashMap<>();

    private OutputSchemas() {}

    /**
     * Returns whether a schema can be used: it is a boolean, or an object that is valid against the
     * meta-schema of its dialect and can be evaluated within the bounds.
     */
    public static boolean isUsable(JsonText schema) {
        return withinLimits(
                schema.text().length(), maxKeywords -> isUsable(schema, maxKeywords), false);
    }

    private static boolean isUsable(JsonText schema, int maxKeywords) {
        try {
            JsonNode node = MAPPER.readTree(schema.text());
            if (node.isBoolean()) {
                return true;
            }
            Optional<Dialect> dialect = dialect(node.path("$schema").asText(DEFAULT));
            if (!node.isObject() || dialect.isEmpty()) {
                return false;
            }
            Schema meta =
                    META.computeIfAbsent(
                            dialect.get().getId(), id -> REGISTRY.getSchema(SchemaLocation.of(id)));
            if (SchemaBudget.firstError(meta, node, maxKeywords).isPresent()) {
                return false;
            }
            Schema compiled = REGISTRY.getSchema(node);
            compiled.initializeValidators();
            SchemaBudget.firstError(compiled, MAPPER.nullNode(), MAX_KEYWORDS_ON_TRIAL);
            SchemaBudget.firstError(compiled, MAPPER.createObjectNode(), MAX_KEYWORDS_ON_TRIAL);
            return true;
        } catch (SchemaBudget.ExceededException exceeded) {
            throw exceeded;
        } catch (JsonProcessingException | RuntimeException | StackOverflowError unusable) {
            return false;
        }
    }

    /**
     * Returns why an output does not satisfy a schema, or empty if it does. Says so if the
     * validation exceeds the bounds.
     */
    public static Optional<String> problem(JsonText schema, JsonText output) {
        return withinLimits(
                schema.text().length() + output.text().length(),
                maxKeywords -> problem(schema, output, maxKeywords),
                Optional.of("the validation needs more steps than are permitted"));
    }

    /**
     * Validates with a small budget. If that is exceeded, acquires a permit and validates again
     * with the full budget. The wait for a permit is bounded, because every validation is bounded.
     *
     * @param ifExceeded the result if the full budget is exceeded as well
     */
    private static <T> T withinLimits(long characters, IntFunction<T> validation, T ifExceeded) {
        if (characters <= CHARACTERS_WITHOUT_PERMIT) {
            try {
                return validation.apply(KEYWORDS_WITHOUT_PERMIT);
            } catch (SchemaBudget.ExceededException exceeded) {
                // It is not a short one.
            }
        }
        PERMITS.acquireUninterruptibly();
        try {
            return validation.apply(MAX_KEYWORDS);
        } catch (SchemaBudget.ExceededException exceeded) {
            return ifExceeded;
        } finally {
            PERMITS.release();
        }
    }

    private static Optional<String> problem(JsonText schema, JsonText output, int maxKeywords) {
        try {
            Schema compiled = REGISTRY.getSchema(MAPPER.readTree(schema.text()));
            return SchemaBudget.firstError(compiled, MAPPER.readTree(output.text()), maxKeywords)
                    .map(OutputSchemas::reason);
        } catch (SchemaBudget.ExceededException exceeded) {
            throw exceeded;
        } catch (JsonProcessingException | RuntimeException | StackOverflowError unusable) {
            return Optional.of("the schema cannot be applied to this value");
        }
    }

    private static String reason(Error error) {
        String text = error.getInstanceLocation() + ": " + error.getMessage();
        return text.length() <= MAX_REASON_LENGTH
                ? text
                : text.substring(0, MAX_REASON_LENGTH) + "...";
    }

    private static Optional<Dialect> dialect(String id) {
        return Optional.ofNullable(DIALECTS.get(withoutFragment(id)));
    }

    /** The default factory caches and logs every unknown keyword. */
    private static Dialect withoutKeywordCache(Dialect dialect) {
        return MeteredKeyword.dialect(dialect)
                .unknownKeywordFactory((keyword, context) -> new AnnotationKeyword(keyword))
                .build();
    }

    private static String withoutFragment(String id) {
        return id.endsWith("#") ? id.substring(0, id.length() - 1) : id;
    }

    /** Prevents the library from reading other resources from the class path of the host. */
    private static boolean isDialectDocument(AbsoluteIri iri) {
        return DIALECT_DOCUMENT.matcher(iri.toString()).matches();
    }
}
