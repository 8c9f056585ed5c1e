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

/** Takes a run's files out of the object store, to where people look. One run, one directory. */
final class Results {

    private final ObjectStore objects;
    private final ProjectId project;
    private final Path directory;
    private final Set<String> taken = new HashSet<>();

    Results(ObjectStore objects, ProjectId project, Path directory) {
        this.objects = objects;
        this.project = project;
        this.directory = directory;
    }

    /** Copies one file; the answer is where it lies. */
    Path copy(JsonNode artifact) throws IOException {
        Path file = directory.resolve(freeName(artifact.path("name").asText()));
        String key = artifact.path("storage_path").asText();
        try (InputStream content =
                objects.open(project, key).orElseThrow(() -> new FileNotFoundException(key))) {
            Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
        }
        return file;
    }

    /** Two files of a run may have one name: what was attached, and what the agent left. */
    private String freeName(String name) {
        String free = name;
        for (int n = 2; !taken.add(free.toLowerCase(Locale.ROOT)); n++) {
            free = n + "-" + name;
        }
        return free;
    }
}
