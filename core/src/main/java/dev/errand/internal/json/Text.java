package dev.errand.internal.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Normalisation of texts (docs/wire/conventions.md#conventions), and checks of their encoding. */
public final class Text {

    static final int BYTE_ORDER_MARK_LENGTH = 3;

    private static final int MAX_SHOWN_LENGTH = 100;
    private static final int DECODED_AT_ONCE = 4_096;

    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long EIGHT_HIGH_BITS = 0x8080_8080_8080_8080L;

    /** White space in Unicode, but not according to {@link Character}. */
    private static final char NEXT_LINE = '\u0085';

    private static final int LONE_SURROGATE = 1;

    /** An escape in JSON: a pair of surrogates, one surrogate, or any other. */
    private static final Pattern ESCAPE =
            Pattern.compile(
                    "\\\\u[dD][89abAB]\\p{XDigit}{2}\\\\u[dD][c-fC-F]\\p{XDigit}{2}"
                            + "|(\\\\u[dD][89a-fA-F]\\p{XDigit}{2})"
                            + "|\\\\.");

    private Text() {}

    /**
     * Returns the text without white space around it; null if the text is null, as an absent
     * required member is before validation.
     */
    public static @Nullable String trimNullable(@Nullable String text) {
        return text == null ? null : trim(text);
    }

    /** Returns the text without Unicode white space around it. */
    public static String trim(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    /** Returns the text without white space around it. */
    public static Optional<String> trim(Optional<String> text) {
        if (text.isEmpty()) {
            return text;
        }
        String before = text.get();
        String after = trim(before);
        return after.length() == before.length() ? text : Optional.of(after);
    }

    /** Returns an unmodifiable list of the texts without white space around them. */
    public static List<String> trim(List<String> texts) {
        return texts.isEmpty() ? List.of() : texts.stream().map(Text::trimNullable).toList();
    }

    /** Whether the text has neither a NUL character nor an unpaired surrogate. */
    public static boolean isStorable(String text) {
        return text.indexOf('\0') < 0 && isWellFormed(text);
    }

    /** Returns the text, shortened for an error message. */
    public static String abbreviate(String text) {
        return text.length() <= MAX_SHOWN_LENGTH
                ? text
                : text.substring(0, MAX_SHOWN_LENGTH) + "...";
    }

    /** Whether bytes are strict UTF-8: no overlong forms, no surrogates. */
    static boolean isUtf8(byte[] bytes) {
        if (isAscii(bytes)) {
            return true;
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(Math.max(2, Math.min(bytes.length, DECODED_AT_ONCE)));
        CoderResult result;
        do {
            out.clear();
            result = decoder.decode(in, out, true);
        } while (result.isOverflow());
        return !result.isError();
    }

    private static boolean isAscii(byte[] bytes) {
        int i = 0;
        for (; i + Long.BYTES <= bytes.length; i += Long.BYTES) { // Eight at a time.
            if (((long) EIGHT_BYTES.get(bytes, i) & EIGHT_HIGH_BITS) != 0) {
                return false;
            }
        }
        for (; i < bytes.length; i++) {
            if (bytes[i] < 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether UTF-8 begins with a byte order mark. */
    static boolean startsWithByteOrderMark(byte[] utf8) {
        return utf8.length >= BYTE_ORDER_MARK_LENGTH
                && utf8[0] == (byte) 0xef
                && utf8[1] == (byte) 0xbb
                && utf8[2] == (byte) 0xbf;
    }

    /** Whether the text has no unpaired surrogate, and therefore a UTF-8 form. */
    public static boolean isWellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean pair =
                        Character.isHighSurrogate(c)
                                && i + 1 < text.length()
                                && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    /** Returns JSON text with every unpaired surrogate replaced by its escape. */
    public static String escapeLoneSurrogates(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean opens =
                    Character.isHighSurrogate(c)
                            && i + 1 < text.length()
                            && Character.isLowSurrogate(text.charAt(i + 1));
            if (opens) {
                out.append(c).append(text.charAt(++i));
            } else if (Character.isSurrogate(c)) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    /** Returns JSON text with the escape of every unpaired surrogate replaced by U+FFFD. */
    static String replaceEscapedSurrogates(String json) {
        return ESCAPE.matcher(json)
                .replaceAll(
                        escape ->
                                escape.group(LONE_SURROGATE) == null
                                        ? Matcher.quoteReplacement(escape.group())
                                        : "\ufffd");
    }

    /** Returns the text with every unpaired surrogate replaced by U+FFFD. */
    public static String withoutLoneSurrogates(String text) {
        return text.codePoints()
                .map(
                        point ->
                                point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE
                                        ? 0xFFFD
                                        : point)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == NEXT_LINE;
    }
}
