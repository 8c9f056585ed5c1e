package dev.errand.task;

import dev.errand.internal.json.Text;
import dev.errand.request.GitNames;
import java.util.Optional;

/** The format of repository names: {@code organization/repository} (docs/wire/tasks.md#e8). */
public final class Repositories {

    /** The text of the violation for any other format. */
    public static final String FORMAT = "Repository must be in the format organization/repository";

    private Repositories() {}

    /** Returns why a name is not valid, or empty if it is valid or blank. */
    public static Optional<String> problem(String repository) {
        String name = Text.trim(repository);
        return name.isEmpty() || GitNames.isRepository(name)
                ? Optional.empty()
                : Optional.of(FORMAT);
    }

    /** Returns the stored form of a name: trimmed and in lower case. */
    public static String normalise(String repository) {
        // Per character: String.toLowerCase can lengthen the text beyond the limit of the column,
        // and its result depends on the context of a character.
        String name = Text.trim(repository);
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
