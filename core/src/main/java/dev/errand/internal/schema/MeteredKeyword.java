package dev.errand.internal.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.format.Format;
import com.networknt.schema.keyword.FormatKeyword;
import com.networknt.schema.keyword.Keyword;
import com.networknt.schema.keyword.KeywordValidator;
import com.networknt.schema.path.NodePath;
import java.util.Map;
import java.util.Set;

/**
 * A keyword whose validator consumes the {@link SchemaBudget} in proportion to the value that it
 * reads, before it reads the value.
 */
final class MeteredKeyword implements Keyword {

    /** The library identifies their validators by class. They read no value themselves. */
    private static final Set<String> REFERENCES = Set.of("$ref", "$dynamicRef", "$recursiveRef");

    private final Keyword keyword;

    private MeteredKeyword(Keyword keyword) {
        this.keyword = keyword;
    }

    /** Returns a builder of a dialect with the same keywords, each of which consumes the budget. */
    static Dialect.Builder dialect(Dialect dialect) {
        Dialect.Builder builder =
                Dialect.builder(dialect).formatKeywordFactory(MeteredFormatKeyword::new);
        dialect.getKeywords().values().stream()
                .filter(keyword -> !REFERENCES.contains(keyword.getValue()))
                .filter(keyword -> !(keyword instanceof FormatKeyword))
                .forEach(keyword -> builder.keyword(new MeteredKeyword(keyword)));
        return builder;
    }

    @Override
    public String getValue() {
        return keyword.getValue();
    }

    @Override
    @SuppressWarnings("checkstyle:IllegalThrows") // The library declares it.
    public KeywordValidator newValidator(
            SchemaLocation location, JsonNode rule, Schema parent, SchemaContext context)
            throws Exception {
        if (keyword.getValue().equals("enum")) {
            DistinctValues values = new DistinctValues();
            rule.forEach(values::add);
        }
        return new Metered(keyword.newValidator(location, rule, parent, context), rule);
    }

    /** The keyword {@code format}, which the library permits to be extended only. */
    private static final class MeteredFormatKeyword extends FormatKeyword {

        MeteredFormatKeyword(Map<String, Format> formats) {
            super(formats);
        }

        @Override
        public KeywordValidator newValidator(
                SchemaLocation location, JsonNode rule, Schema parent, SchemaContext context) {
            return new Metered(super.newValidator(location, rule, parent, context), rule);
        }
    }

    private record Metered(KeywordValidator validator, JsonNode rule) implements KeywordValidator {

        @Override
        public void validate(
                ExecutionContext context, JsonNode value, JsonNode root, NodePath location) {
            SchemaBudget budget = (SchemaBudget) context;
            budget.spend(ValidationCost.of(getKeyword(), rule, value), location);
            validator.validate(
                    context,
                    getKeyword().equals("uniqueItems") ? DistinctValues.excerpt(value) : value,
                    root,
                    location);
        }

        @Override
        public void preloadSchema() {
            validator.preloadSchema();
        }

        @Override
        public String getKeyword() {
            return validator.getKeyword();
        }

        @Override
        public SchemaLocation getSchemaLocation() {
            return validator.getSchemaLocation();
        }
    }
}
