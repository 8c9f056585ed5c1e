package dev.errand.task;

import java.util.Optional;

/** The form of a repository's name, {@code organization/repository} (contract E8). */
public final class Repositories {

    /** The text about a name of any other form (contract E8). */
    public static final String FORMAT = "Repository must be in the format organization/repository";

    private Repositories() {}

    /** What is wrong with a name from outside; empty if it or its absence (blank) is fine (E8). */
    public static Optional<String> problem(String repository) {
        String name = repository.strip();
        int slash = name.indexOf('/');
        boolean oneSlash = slash >= 0 && slash == name.lastIndexOf('/');
        boolean textOnBothSides = slash > 0 && slash < name.length() - 1;
        return name.isEmpty() || oneSlash && textOnBothSides
                ? Optional.empty()
                : Optional.of(FORMAT);
    }

    /** The stored form: trimmed and in lower case (contract E8). Filters are brought to it too. */
    public static String normalise(String repository) {
        // Character by character: the lower case of a whole text depends on the machine's locale
        // or on neighbours, and can be longer than the text, so that a name just short enough
        // would no longer fit where it is stored.
        String name = repository.strip();
        int character;
        for (int i = 0; i < name.length(); i += Character.charCount(character)) {
            character = name.codePointAt(i);
            if (Character.toLowerCase(character) != character) {
                return lowerCaseFrom(name, i);
            }
        }
        return name;
    }

    private static String lowerCaseFrom(String name, int first) {
        StringBuilder lowerCase = new StringBuilder(name.length()).append(name, 0, first);
        name.codePoints()
                .skip(name.codePointCount(0, first))
                .map(Character::toLowerCase)
                .forEach(lowerCase::appendCodePoint);
        return lowerCase.toString();
    }
}
