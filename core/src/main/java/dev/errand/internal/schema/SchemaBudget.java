package dev.errand.internal.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.OutputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.annotation.Annotation;
import com.networknt.schema.annotation.Annotations;
import com.networknt.schema.path.NodePath;
import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Limits the work of one validation. A schema of a few lines can cause exponential work, by
 * applying its parts twice at every level or by a pattern that backtracks; the validation is
 * aborted when the budget is used up. Not thread-safe.
 */
final class SchemaBudget extends ExecutionContext {

    /** The cost of a keyword, relative to one character that a pattern reads. */
    private static final int KEYWORD = 10;

    private static final int ANNOTATION = 10 * KEYWORD;

    private static final ThreadLocal<SchemaBudget> CURRENT = new ThreadLocal<>();

    /**
     * Allows outputs of two hundred levels, and is low enough not to overflow the stack of the
     * thread.
     */
    private static final int MAX_DEPTH = 1_500;

    /** The library searches the levels of a keyword for related keywords. */
    private static final int LEVELS_PER_STEP = 16;

    private long remaining;
    private int depth;

    private SchemaBudget(ExecutionConfig config, int maxKeywords) {
        super(config);
        this.remaining = (long) maxKeywords * KEYWORD;
        setFailFast(true);
    }

    /**
     * Returns the first error of a value; empty if it satisfies the schema.
     *
     * @param maxKeywords the maximum number of keywords to apply
     * @throws ExceededException if the validation needs more
     */
    static Optional<Error> firstError(Schema schema, JsonNode value, int maxKeywords) {
        SchemaBudget budget =
                new SchemaBudget(schema.createExecutionContext().getExecutionConfig(), maxKeywords);
        CURRENT.set(budget);
        try {
            return schema.validate(budget, value, OutputFormat.DEFAULT).stream().findFirst();
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
        long cost = ValidationCost.ofCharacter(text);
        return value -> {
            SchemaBudget budget = CURRENT.get();
            budget.spend(cost);
            return pattern.matcher(new Counted(value, budget, cost)).find();
        };
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
            throw new ExceededException();
        }
        spend(steps + depth / LEVELS_PER_STEP);
    }

    /** Consumes the budget. */
    void spend(long steps) {
        remaining -= steps;
        if (remaining < 0) {
            throw new ExceededException();
        }
    }

    /** Called for each annotation, which is kept until the validation ends. */
    @Override
    public Annotations getAnnotations() {
        spend(ANNOTATION);
        return super.getAnnotations();
    }

    /**
     * Consumes the budget for a keyword and for the annotations of the value, since the library
     * compares the path of each annotation with the current path.
     */
    void spend(long steps, NodePath location) {
        Map<NodePath, List<Annotation>> annotations = super.getAnnotations().asMap();
        if (annotations.isEmpty()) {
            spend(steps);
        } else {
            int compared = 1 + annotations.getOrDefault(location, List.of()).size();
            spend(steps + (long) compared * (1 + depth));
        }
    }

    @Override
    public void addError(Error error) {
        spend(KEYWORD);
        getErrors().add(error);
    }

    @Override
    public List<Error> getErrors() {
        return new FirstError(this, super.getErrors());
    }

    @Override
    public void setErrors(List<Error> errors) {
        super.setErrors(errors instanceof FirstError first ? first.errors : errors);
    }

    /** The validation needs more steps or more levels than are permitted. */
    static final class ExceededException extends SchemaException {

        private static final long serialVersionUID = 1L;

        ExceededException() {
            super("the validation exceeds its budget");
        }

        /** The stack is deep and says nothing. */
        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    /** A text that consumes the budget for each character that a pattern reads. */
    private record Counted(CharSequence text, SchemaBudget budget, long cost)
            implements CharSequence {

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            budget.spend(cost);
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Counted(text.subSequence(start, end), budget, cost);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
