package dev.errand.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A file of the page.
 *
 * @param content its bytes; not copied, because no caller changes them
 * @param mediaType the value of its {@code Content-Type}
 * @param etag the value of its {@code ETag}, which changes with the content
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
record PageFile(byte[] content, String mediaType, String etag) {

    /**
     * Reads a file of this package.
     *
     * @throws IllegalStateException if it is missing, or has an unknown ending
     */
    static PageFile read(String name) {
        try (InputStream file = PageFile.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException("the operator page lacks its file " + name);
            }
            return of(name, file.readAllBytes());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Returns a file whose type is that of its name's ending. */
    static PageFile of(String name, byte[] content) {
        return new PageFile(content, mediaType(name), etag(content));
    }

    private static String mediaType(String name) {
        String ending = name.substring(name.lastIndexOf('.') + 1);
        return switch (ending) {
            case "html" -> "text/html;charset=utf-8";
            case "css" -> "text/css;charset=utf-8";
            case "js" -> "text/javascript;charset=utf-8";
            case "json" -> "application/json";
            case "svg" -> "image/svg+xml";
            default -> throw new IllegalStateException("no media type for " + name);
        };
    }

    private static String etag(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return '"' + HexFormat.of().formatHex(digest, 0, 16) + '"';
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
