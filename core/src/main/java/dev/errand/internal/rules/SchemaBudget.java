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
 * What holding one value against one schema may cost. A schema of a few lines can ask for more than
 * a lifetime, by applying its parts twice at every level or with a pattern that backtracks; at the
 * bound it is given up. Used by one thread.
 */
final class SchemaBudget extends ExecutionContext {

    /** A keyword takes about as long as so many characters of a pattern. */
    private static final int KEYWORD = 10;

    private static final ThreadLocal<SchemaBudget> PRESENT = new ThreadLocal<>();

    /** Two hundred levels of an output, each below a few keywords; far from the end of a stack. */
    private static final int MAX_DEPTH = 1_500;

    private long left;
    private int depth;

    private SchemaBudget(ExecutionConfig config, int maxKeywords) {
        super(config);
        this.left = (long) maxKeywords * KEYWORD;
    }

    /**
     * What is wrong with a value; nothing if it satisfies the schema.
     *
     * @param maxKeywords how many keywords may be applied, at most
     * @throws SchemaException if that was not enough
     */
    static List<Error> errors(Schema schema, JsonNode value, int maxKeywords) {
        SchemaBudget effort =
                new SchemaBudget(schema.createExecutionContext().getExecutionConfig(), maxKeywords);
        PRESENT.set(effort);
        try {
            return schema.validate(effort, value, OutputFormat.DEFAULT);
        } finally {
            PRESENT.remove();
        }
    }

    /** A schema's pattern, matched at the expense of the present effort. */
    static RegularExpression pattern(String text) {
        Pattern pattern =
                Pattern.compile(
                        RegularExpressions.replaceLongformCharacterProperties(
                                RegularExpressions.replaceDollarAnchors(text)));
        return value -> pattern.matcher(new Counted(value, PRESENT.get())).find();
    }

    /** Called before each keyword is applied. */
    @Override
    public void evaluationPathAddLast(String keyword) {
        enter(KEYWORD);
        super.evaluationPathAddLast(keyword);
    }

    /** Called before each part of a keyword that is a list. */
    @Override
    public void evaluationPathAddLast(int index) {
        enter(1);
        super.evaluationPathAddLast(index);
    }

    /** Called after each. */
    @Override
    public void evaluationPathRemoveLast() {
        depth--;
        super.evaluationPathRemoveLast();
    }

    private void enter(int steps) {
        depth++;
        if (depth > MAX_DEPTH) {
            throw new SchemaException("the schema goes too deep");
        }
        spend(steps);
    }

    private void spend(int steps) {
        left -= steps;
        if (left < 0) {
            throw new SchemaException("the schema asks for too much");
        }
    }

    /** A text that counts how often a pattern looks at it. */
    private record Counted(CharSequence text, SchemaBudget effort) implements CharSequence {

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            effort.spend(1);
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Counted(text.subSequence(start, end), effort);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
