package dev.errand.internal.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.OutputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressions;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Limits the work of one validation. A schema of a few lines can cause exponential work, by
 * applying its parts twice at every level or by a pattern that backtracks; the validation is
 * aborted when the budget is used up. Not thread-safe.
 */
final class SchemaBudget extends ExecutionContext {

    /** The cost of a keyword, relative to one character that a pattern reads. */
    private static final int KEYWORD = 10;

    private static final ThreadLocal<SchemaBudget> CURRENT = new ThreadLocal<>();

    /**
     * Allows outputs of two hundred levels, and is low enough not to overflow the stack of the
     * thread.
     */
    private static final int MAX_DEPTH = 1_500;

    private long remaining;
    private int depth;

    private SchemaBudget(ExecutionConfig config, int maxKeywords) {
        super(config);
        this.remaining = (long) maxKeywords * KEYWORD;
    }

    /**
     * Returns the errors of a value; empty if it satisfies the schema.
     *
     * @param maxKeywords the maximum number of keywords to apply
     * @throws SchemaException if the validation needs more
     */
    static List<Error> errors(Schema schema, JsonNode value, int maxKeywords) {
        SchemaBudget budget =
                new SchemaBudget(schema.createExecutionContext().getExecutionConfig(), maxKeywords);
        CURRENT.set(budget);
        try {
            return schema.validate(budget, value, OutputFormat.DEFAULT);
        } finally {
            CURRENT.remove();
        }
    }

    /**
     * Compiles a pattern of a schema. Matching it consumes the budget of the current validation.
     */
    static RegularExpression pattern(String text) {
        Pattern pattern =
                Pattern.compile(
                        RegularExpressions.replaceLongformCharacterProperties(
                                RegularExpressions.replaceDollarAnchors(text)));
        return value -> pattern.matcher(new Counted(value, CURRENT.get())).find();
    }

    /** Called before each keyword is applied. */
    @Override
    public void evaluationPathAddLast(String keyword) {
        enter(KEYWORD);
        super.evaluationPathAddLast(keyword);
    }

    /** Called before each item of a keyword that is a list. */
    @Override
    public void evaluationPathAddLast(int index) {
        enter(1);
        super.evaluationPathAddLast(index);
    }

    /** Called after each keyword and each item. */
    @Override
    public void evaluationPathRemoveLast() {
        depth--;
        super.evaluationPathRemoveLast();
    }

    private void enter(int steps) {
        depth++;
        if (depth > MAX_DEPTH) {
            throw new SchemaException("the schema is nested too deeply");
        }
        spend(steps);
    }

    private void spend(int steps) {
        remaining -= steps;
        if (remaining < 0) {
            throw new SchemaException("the validation exceeds its budget");
        }
    }

    /** A text that consumes the budget for each character that a pattern reads. */
    private record Counted(CharSequence text, SchemaBudget budget) implements CharSequence {

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            budget.spend(1);
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Counted(text.subSequence(start, end), budget);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
