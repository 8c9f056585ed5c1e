package dev.errand.internal.json;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;

/**
 * The limits of a reader of JSON. The exception of each names the limit in the words of an error
 * text (docs/wire/idempotency-and-limits.md#j34).
 */
final class JsonLimits extends StreamReadConstraints {

    private static final long serialVersionUID = 1L;
    private static final int MAX_STRING_LENGTH = 48 * 1024 * 1024;
    private static final long UNLIMITED = -1;

    JsonLimits(int maxDepth, int maxNumberLength, int maxNameLength) {
        super(maxDepth, UNLIMITED, maxNumberLength, MAX_STRING_LENGTH, maxNameLength, UNLIMITED);
    }

    @Override
    public void validateNestingDepth(int depth) throws StreamConstraintsException {
        require(depth, _maxNestingDepth, "JSON nesting is deeper than %d levels.");
    }

    @Override
    public void validateIntegerLength(int length) throws StreamConstraintsException {
        require(length, _maxNumLen, "A JSON number has more than %d digits.");
    }

    @Override
    public void validateFPLength(int length) throws StreamConstraintsException {
        validateIntegerLength(length);
    }

    @Override
    public void validateNameLength(int length) throws StreamConstraintsException {
        require(length, _maxNameLen, "A JSON member name has more than %d characters.");
    }

    @Override
    public void validateStringLength(int length) throws StreamConstraintsException {
        require(length, _maxStringLen, "A JSON string has more than %d characters.");
    }

    private static void require(int actual, int max, String text)
            throws StreamConstraintsException {
        if (actual > max) {
            throw new StreamConstraintsException(text.formatted(max));
        }
    }
}
