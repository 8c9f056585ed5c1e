package dev.errand.server;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads the JSON file that {@code --directory} names. */
final class DirectoryFile {

    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private DirectoryFile() {}

    /**
     * Reads a file.
     *
     * @throws InvalidOptionsException if the file cannot be read, other users can read or change
     *     it, or it is invalid; contains all problems
     */
    static FileProjectDirectory read(Path file) {
        try {
            // It contains tokens.
            ConfidentialFile.problem(file)
                    .ifPresent(
                            problem -> {
                                throw InvalidOptionsException.of(problem);
                            });
            return parse(Files.readString(file));
        } catch (InvalidOptionsException invalid) {
            throw new InvalidOptionsException(
                    invalid.problems().stream().map(problem -> file + ": " + problem).toList());
        } catch (NoSuchFileException none) {
            throw InvalidOptionsException.of(file + ": file not found");
        } catch (CharacterCodingException notText) {
            throw InvalidOptionsException.of(file + ": not encoded in UTF-8");
        } catch (IOException unreadable) {
            String reason = unreadable.getClass().getSimpleName();
            throw InvalidOptionsException.of(file + ": cannot be read, " + reason);
        }
    }

    /**
     * Parses the text of a file.
     *
     * @throws InvalidOptionsException if the text is invalid; contains all problems
     */
    static FileProjectDirectory parse(String text) {
        return new DirectoryParser().read(tree(text));
    }

    private static JsonNode tree(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException notJson) {
            // Jackson's message may quote the file and thereby a token.
            JsonLocation location = notJson.getLocation();
            throw InvalidOptionsException.of(
                    "not valid JSON, or a duplicate member: line %d, column %d"
                            .formatted(location.getLineNr(), location.getColumnNr()));
        }
    }
}
