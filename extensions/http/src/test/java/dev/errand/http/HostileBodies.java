package dev.errand.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Generates invalid and unusual bodies by mutating valid ones, in the sequence that a seed
 * determines. Not thread-safe.
 */
final class HostileBodies {

    private static final int LONG = 10 * 1024 * 1024;

    /** Values that replace values of a body. */
    private static final List<String> VALUES =
            List.of(
                    "null",
                    "true",
                    "0",
                    "-1",
                    "1.5",
                    "1e400",
                    "-1e-400",
                    "9223372036854775808",
                    "9".repeat(900),
                    "9".repeat(2_000),
                    "1" + "0".repeat(500) + ".5e" + "9".repeat(9),
                    "\"\"",
                    "\" \\t\\u00a0\\u2003 \"",
                    "\"\\u0000\"",
                    "\"a\\u0000b\"",
                    "\"\\ud800\"",
                    "\"\\udc00 x \\ud83d\"",
                    "\"\\ud83d\\ude00\"",
                    "\"\\u202e\\ufeff\\uffff\"",
                    "\"%s %n \\\\u0000 ${jndi:x} <b>'--\"",
                    "\"" + "x".repeat(300) + "\"",
                    "\"" + "\\ud83d\\ude00".repeat(256) + "\"",
                    "\"00000000-0000-0000-0000-000000000000\"",
                    "\"\\uff11\\uff12\"",
                    "[]",
                    "{}",
                    "[null]",
                    "[[]]",
                    "[{}]",
                    "[\"a\", 1, null, {}]",
                    "{\"a\": {\"b\": [1, 2.50, \"c\"]}}",
                    "{\"\": 1, \"\\u0000\": 2, \"\\ud800\": 3}",
                    "{\"__proto__\": {}, \"$ref\": \"http://127.0.0.1:1/x\"}",
                    "{\"$schema\": \"http://127.0.0.1:1/\", \"type\": \"object\"}",
                    "{\"$ref\": \"#\"}",
                    "{\"pattern\": \"(a+)+$\", \"type\": \"string\"}",
                    "{\"sandbox_connect_token\": \"x\", \"mode\": 7}");

    /** Bytes that make a body invalid JSON or UTF-8, or add a second value. */
    private static final List<byte[]> FRAGMENTS =
            List.of(
                    new byte[] {0},
                    new byte[] {(byte) 0xff},
                    new byte[] {(byte) 0xc3, (byte) 0x28},
                    new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
                    new byte[] {(byte) 0xf8, (byte) 0x88, (byte) 0x80, (byte) 0x80, (byte) 0x80},
                    new byte[] {(byte) 0xef, (byte) 0xbb, (byte) 0xbf},
                    new byte[] {(byte) 0xfe, (byte) 0xff},
                    bytes("}"),
                    bytes("]"),
                    bytes("\""),
                    bytes("\\"),
                    bytes(","),
                    bytes(":"),
                    bytes("{"),
                    bytes("[[["),
                    bytes("NaN"),
                    bytes("/* c */"),
                    bytes("'"),
                    bytes("\\u12"),
                    bytes("\n\r\t "),
                    bytes("nul"));

    private final Random random;

    HostileBodies(long seed) {
        random = new Random(seed);
    }

    /** Returns the next mutation of a JSON body. */
    byte[] next(String valid) {
        int kind = random.nextInt(1_000);
        if (kind < 2) {
            return replaced(valid, '"' + "x".repeat(LONG) + '"');
        }
        if (kind < 40) {
            return replaced(valid, nested(random.nextInt(400)));
        }
        if (kind < 50) {
            return replaced(valid, nested(100_000));
        }
        if (kind < 450) {
            return replaced(valid, pick(VALUES));
        }
        if (kind < 550) {
            return doubled(valid);
        }
        if (kind < 650) {
            byte[] whole = bytes(valid);
            return Arrays.copyOf(whole, random.nextInt(whole.length));
        }
        if (kind < 750) {
            return flipped(bytes(valid));
        }
        if (kind < 900) {
            return withFragment(bytes(valid));
        }
        if (kind < 930) {
            return bytes(pick(VALUES));
        }
        return encoded(valid);
    }

    /** Returns the next mutation of bytes that need not be JSON. */
    byte[] nextOf(byte[] valid) {
        return switch (random.nextInt(3)) {
            case 0 -> Arrays.copyOf(valid, random.nextInt(valid.length));
            case 1 -> flipped(valid.clone());
            default -> withFragment(withFragment(valid));
        };
    }

    /** Replaces a random value of the body. */
    private byte[] replaced(String valid, String value) {
        int colons = (int) valid.chars().filter(c -> c == ':').count();
        int at = -1;
        for (int i = random.nextInt(colons) + 1; i > 0; i--) {
            at = valid.indexOf(':', at + 1);
        }
        int end = at + 1;
        int depth = 0;
        boolean quoted = false;
        for (; end < valid.length(); end++) {
            char c = valid.charAt(end);
            if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == '{' || c == '[')) {
                depth++;
            } else if (!quoted && depth > 0 && (c == '}' || c == ']')) {
                depth--;
            } else if (!quoted && depth == 0 && (c == ',' || c == '}' || c == ']')) {
                break;
            }
        }
        return bytes(valid.substring(0, at + 1) + value + valid.substring(end));
    }

    /** Duplicates a member with another value. */
    private byte[] doubled(String valid) {
        int from = valid.indexOf('"') + 1;
        String name = valid.substring(from, valid.indexOf('"', from));
        String first = "{\"" + name + "\": " + pick(VALUES) + ", ";
        return random.nextBoolean()
                ? bytes(first + valid.substring(1))
                : bytes(
                        valid.substring(0, valid.lastIndexOf('}'))
                                + ", "
                                + first.substring(1, first.length() - 2)
                                + "}");
    }

    private byte[] flipped(byte[] body) {
        for (int i = random.nextInt(4); i >= 0; i--) {
            body[random.nextInt(body.length)] = (byte) random.nextInt(256);
        }
        return body;
    }

    private byte[] withFragment(byte[] body) {
        int at = random.nextInt(body.length + 1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(body, 0, at);
        out.writeBytes(pick(FRAGMENTS));
        out.write(body, at, body.length - at);
        return out.toByteArray();
    }

    private byte[] encoded(String valid) {
        return switch (random.nextInt(3)) {
            case 0 -> valid.getBytes(StandardCharsets.UTF_16LE);
            case 1 -> valid.getBytes(StandardCharsets.UTF_16);
            default -> valid.getBytes(Charset.forName("UTF-32BE"));
        };
    }

    private String nested(int depth) {
        return random.nextBoolean()
                ? "[".repeat(depth) + "]".repeat(depth)
                : "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
