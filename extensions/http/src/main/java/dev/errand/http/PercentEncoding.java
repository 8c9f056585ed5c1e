package dev.errand.http;

import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Percent-encoding of UTF-8 text, decoded strictly. */
final class PercentEncoding {

    private static final int HEX = 16;

    private PercentEncoding() {}

    /** Decodes a text; empty if an escape is malformed or the bytes are not UTF-8. */
    static Optional<String> decode(String encoded) {
        if (encoded.indexOf('%') < 0) {
            return Optional.of(encoded);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length());
        int at = 0;
        while (at < encoded.length()) {
            if (encoded.charAt(at) == '%') {
                int value = octet(encoded, at + 1);
                if (value < 0) {
                    return Optional.empty();
                }
                bytes.write(value);
                at += 3;
            } else {
                int length = Character.charCount(encoded.codePointAt(at));
                String asItIs = encoded.substring(at, at + length);
                bytes.writeBytes(asItIs.getBytes(StandardCharsets.UTF_8));
                at += length;
            }
        }
        return utf8(bytes.toByteArray());
    }

    /** Decodes a name or value of a query, in which {@code +} is a space. */
    static Optional<String> decodeQuery(String encoded) {
        return decode(encoded.replace('+', ' '));
    }

    /** Encodes a name or value of a query. */
    static String encodeQuery(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Encodes a header value or path segment, in which {@code +} is not a space. */
    static String encode(String text) {
        return encodeQuery(text).replace("+", "%20");
    }

    private static int octet(String text, int at) {
        if (at + 1 >= text.length()) {
            return -1;
        }
        int high = digit(text.charAt(at));
        int low = digit(text.charAt(at + 1));
        return high < 0 || low < 0 ? -1 : high * HEX + low;
    }

    private static int digit(char c) {
        return c < 0x80 ? Character.digit(c, HEX) : -1;
    }

    private static Optional<String> utf8(byte[] bytes) {
        try {
            return Optional.of(
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException notUtf8) {
            return Optional.empty();
        }
    }
}
