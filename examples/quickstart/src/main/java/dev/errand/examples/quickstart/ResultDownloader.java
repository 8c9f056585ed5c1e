package dev.errand.examples.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.ObjectStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Copies the files of one run from the object store to a directory. */
final class ResultDownloader {

    private final ObjectStore objects;
    private final ProjectId project;
    private final Path directory;
    private final Set<String> taken = new HashSet<>();

    ResultDownloader(ObjectStore objects, ProjectId project, Path directory) {
        this.objects = objects;
        this.project = project;
        this.directory = directory;
    }

    /** Copies a file and returns its path. */
    Path copy(JsonNode artifact) throws IOException {
        Path file = directory.resolve(uniqueName(artifact.path("name").asText()));
        String key = artifact.path("storage_path").asText();
        try (InputStream content =
                objects.open(project, key).orElseThrow(() -> new FileNotFoundException(key))) {
            Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
        }
        return file;
    }

    /** An attachment and an artifact of the agent may have the same name. */
    private String uniqueName(String name) {
        String unique = name;
        for (int n = 2; !taken.add(unique.toLowerCase(Locale.ROOT)); n++) {
            unique = n + "-" + name;
        }
        return unique;
    }
}
