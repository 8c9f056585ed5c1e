package dev.errand.benchmarks.request;

import java.util.ArrayList;
import java.util.List;

/** Hand-written checks of texts. */
final class HandChecks {

    /** A pattern for texts without NUL characters. */
    static final String NO_NUL = "[^\0]*";

    private HandChecks() {}

    static String strip(String text) {
        return text == null ? null : text.strip();
    }

    /** Adds the problems of a text unless it is null. The length counts code points. */
    static List<String> text(
            String member, String text, int maxLength, boolean mayBeBlank, List<String> problems) {
        if (text == null) {
            return problems;
        }
        if (text.isEmpty() && !mayBeBlank) {
            return add(member, "blank", problems);
        }
        if (text.indexOf('\0') >= 0) {
            return add(member, "null character", problems);
        }
        if (text.length() > maxLength && text.codePointCount(0, text.length()) > maxLength) {
            return add(member, "max_length", problems);
        }
        return problems;
    }

    static List<String> add(String member, String problem, List<String> problems) {
        List<String> all = problems == null ? new ArrayList<>() : problems;
        all.add(member + ": " + problem);
        return all;
    }
}
