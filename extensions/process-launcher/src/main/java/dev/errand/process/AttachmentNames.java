package dev.errand.process;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/** Derives safe file names from the names of attachments. */
final class AttachmentNames {

    private static final int MAX_BYTES = 200;
    private static final int MAX_EXTENSION_LENGTH = 20;
    private static final String DEFAULT_NAME = "attachment";

    private AttachmentNames() {}

    /**
     * Returns a file name close to the requested one: only the part after the last separator,
     * without control characters, at most 200 bytes, and different from all names in {@code taken}
     * ignoring case. The name is added to {@code taken}.
     */
    static String unique(String requested, Set<String> taken) {
        String safe = safe(requested);
        String name = safe;
        for (int n = 2; !taken.add(name.toLowerCase(Locale.ROOT)); n++) {
            name = stem(safe) + "-" + n + extension(safe);
        }
        return name;
    }

    private static String safe(String requested) {
        int separator = Math.max(requested.lastIndexOf('/'), requested.lastIndexOf('\\'));
        StringBuilder name = new StringBuilder();
        requested
                .substring(separator + 1)
                .codePoints()
                .map(c -> isHarmless(c) ? c : '_')
                .forEach(name::appendCodePoint);
        String safe = shortened(encodable(name.toString().strip()));
        return safe.isEmpty() || safe.equals(".") || safe.equals("..") ? DEFAULT_NAME : safe;
    }

    private static boolean isHarmless(int c) {
        int type = Character.getType(c);
        return type != Character.CONTROL
                && type != Character.FORMAT
                && type != Character.SURROGATE
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR
                && type != Character.UNASSIGNED;
    }

    /** Replaces characters that the host's locale cannot encode, such as in the C locale. */
    private static String encodable(String name) {
        try {
            return Path.of(name).toString();
        } catch (InvalidPathException unencodable) {
            return name.replaceAll("[^\\x20-\\x7e]", "_");
        }
    }

    private static String shortened(String name) {
        String stem = stem(name);
        String extension = extension(name);
        while (bytes(stem) + bytes(extension) > MAX_BYTES) {
            stem = stem.substring(0, stem.offsetByCodePoints(stem.length(), -1));
        }
        return stem + extension;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String stem(String name) {
        return name.substring(0, name.length() - extension(name).length());
    }

    private static String extension(String name) {
        int dot = name.lastIndexOf('.');
        return dot <= 0 || name.length() - dot > MAX_EXTENSION_LENGTH ? "" : name.substring(dot);
    }
}
