package dev.errand.internal.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The cost of applying a keyword or a pattern, in steps of {@link SchemaBudget}. */
final class ValidationCost {

    /** The number of characters that are read in one step if they are only counted or compared. */
    private static final int CHARACTERS_PER_STEP = 16;

    /** Formats are checked by patterns of the library, which may backtrack. */
    private static final int FORMAT_DIVISOR = 64;

    /** The number of repetitions of an empty match in one step. */
    private static final int REPETITIONS_PER_STEP = 8;

    /** Above every budget; its square does not overflow. */
    private static final long UNAFFORDABLE = 1L << 31;

    private static final Pattern REPETITION = Pattern.compile("(.?)\\{(\\d+)", Pattern.DOTALL);

    private ValidationCost() {}

    /**
     * Returns the cost of a keyword.
     *
     * @param rule the value of the keyword in the schema
     * @param value the value to which it is applied
     */
    static long of(String keyword, JsonNode rule, JsonNode value) {
        return switch (keyword) {
            case "const", "enum", "uniqueItems" -> size(value);
            case "format" -> {
                long length = value.isTextual() ? value.textValue().length() : 0;
                yield length * length / FORMAT_DIVISOR;
            }
            default -> width(value) + rule.size();
        };
    }

    /**
     * Returns the cost of each character that a pattern reads, and of each application. It is
     * greater than 1 if the pattern repeats something many times, because the repetition of an
     * empty match reads no characters. Repetitions of groups are assumed to be nested.
     */
    static long ofCharacter(String pattern) {
        long nested = 1;
        long single = 1;
        Matcher repetition = REPETITION.matcher(pattern);
        while (repetition.find()) {
            long times =
                    repetition.group(2).length() > 9
                            ? UNAFFORDABLE
                            : Long.parseLong(repetition.group(2));
            boolean ofGroup = repetition.group(1).equals(")") || repetition.group(1).equals("}");
            nested = ofGroup ? Math.min(UNAFFORDABLE, nested * Math.max(1, times)) : nested;
            single = ofGroup ? single : Math.max(single, times);
        }
        return Math.max(1, Math.min(UNAFFORDABLE, nested * single) / REPETITIONS_PER_STEP);
    }

    private static long width(JsonNode value) {
        return value.isTextual() ? value.textValue().length() / CHARACTERS_PER_STEP : value.size();
    }

    /** Returns the number of values in a value, where a long text counts as several. */
    private static long size(JsonNode value) {
        long size = 1 + width(value);
        for (JsonNode child : value) {
            size += size(child);
        }
        return size;
    }
}
