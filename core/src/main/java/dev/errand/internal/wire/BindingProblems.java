package dev.errand.internal.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.databind.DeserializationContext;
import dev.errand.error.ErrorCode;
import dev.errand.error.Violation;
import java.util.ArrayList;
import java.util.List;

/**
 * The problems found while one body is bound: values of the wrong type, nulls and unknown choices.
 * Deserializers report a problem and continue, so that all are found. Not thread-safe.
 */
final class BindingProblems {

    private final List<Violation> found = new ArrayList<>(0);

    private BindingProblems() {}

    /** Collects the problems of the body that a parser will read. */
    static BindingProblems collect(JsonParser parser) {
        BindingProblems problems = new BindingProblems();
        // An attribute of the deserialization would cost a reader for each body.
        parser.assignCurrentValue(problems);
        return problems;
    }

    /** Returns the problems of the body that is being bound. */
    static BindingProblems of(DeserializationContext context) {
        JsonStreamContext position = context.getParser().getParsingContext();
        while (!position.inRoot()) {
            position = position.getParent();
        }
        return (BindingProblems) position.getCurrentValue();
    }

    /** Reports a problem with the value that ends at the parser's current token. */
    static void report(DeserializationContext context, ErrorCode code, String detail) {
        String attr = attr(context.getParser().getParsingContext());
        of(context)
                .found
                .add(
                        attr.isEmpty()
                                ? Violation.ofRequest(code, detail)
                                : Violation.of(code, attr, detail));
    }

    /** Returns the position in the form of docs/wire/errors.md#c4, {@code artifacts__0__size}. */
    private static String attr(JsonStreamContext position) {
        if (position.inRoot()) {
            return "";
        }
        String own =
                position.inArray()
                        ? Integer.toString(position.getCurrentIndex())
                        : position.getCurrentName();
        String parent = attr(position.getParent());
        return parent.isEmpty() ? own : parent + "__" + own;
    }

    /** Whether the parser is at the body's outermost value. */
    static boolean isAtRoot(JsonParser parser) {
        return parser.getParsingContext().inRoot();
    }

    int count() {
        return found.size();
    }

    List<Violation> found() {
        return found;
    }

    /** Removes and returns all problems after the first {@code count}. */
    List<Violation> removeFrom(int count) {
        List<Violation> latest = found.subList(count, found.size());
        List<Violation> removed = List.copyOf(latest);
        latest.clear();
        return removed;
    }
}
