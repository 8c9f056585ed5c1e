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

/** The file that {@code --directory} names: JSON, read once and strictly. */
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
     * @throws InvalidOptions if it cannot be read or is not as it should be, with all problems
     */
    static FileDirectory read(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (InvalidOptions refused) {
            throw new InvalidOptions(
                    refused.problems().stream().map(problem -> file + ": " + problem).toList());
        } catch (NoSuchFileException none) {
            throw InvalidOptions.because(file + ": there is no such file");
        } catch (CharacterCodingException notText) {
            throw InvalidOptions.because(file + ": not UTF-8");
        } catch (IOException unreadable) {
            String reason = unreadable.getClass().getSimpleName();
            throw InvalidOptions.because(file + ": cannot be read, " + reason);
        }
    }

    /**
     * Reads a file's text.
     *
     * @throws InvalidOptions if it is not as it should be, with all problems
     */
    static FileDirectory parse(String text) {
        return new DirectoryReader().read(tree(text));
    }

    private static JsonNode tree(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException notJson) {
            // Its own words may quote the file, and a token with it.
            JsonLocation place = notJson.getLocation();
            throw InvalidOptions.because(
                    "not JSON, or a member that is there twice: line %d, column %d"
                            .formatted(place.getLineNr(), place.getColumnNr()));
        }
    }
}
