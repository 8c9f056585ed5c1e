package dev.errand.internal.dispatch;

/** Text that launchers and agents supply. */
final class ExternalText {

    private static final int MAX_LENGTH = 2_000;

    private ExternalText() {}

    /**
     * Returns at most the first {@value #MAX_LENGTH} characters of a text, with control characters
     * and unpaired surrogates replaced.
     */
    static String clean(String text) {
        StringBuilder clean = new StringBuilder(Math.min(text.length(), MAX_LENGTH));
        text.codePoints()
                .limit(MAX_LENGTH)
                .map(it -> Character.isISOControl(it) && it != '\n' && it != '\t' ? '\uFFFD' : it)
                .map(it -> it >= 0xD800 && it <= 0xDFFF ? '\uFFFD' : it)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }
}
