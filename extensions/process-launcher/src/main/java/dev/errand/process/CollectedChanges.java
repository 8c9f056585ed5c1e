package dev.errand.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.spi.JsonText;
import dev.errand.spi.sandbox.OutputArtifact;
import dev.errand.spi.sandbox.SandboxExit;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What was collected from the workspace of an ended sandbox. It is kept in a file of the launcher,
 * because it is collected once, while the run still has its secrets, and may be read by the next
 * launcher. The patch is a file beside it.
 *
 * @param members the members that describe the changes in the output of the run
 * @param notes what could not be collected
 */
record CollectedChanges(ObjectNode members, List<String> notes) {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int MAX_BYTES = 8 * 1024 * 1024;
    private static final String PATCH = "changes";
    private static final String PATCH_EXTENSION = ".patch";

    CollectedChanges {
        notes = List.copyOf(notes);
    }

    /** Returns changes that could not be collected. */
    static CollectedChanges none(String note) {
        return new CollectedChanges(JsonNodeFactory.instance.objectNode(), List.of(note));
    }

    static boolean exist(SandboxDirectory directory) {
        return Files.isRegularFile(directory.changes(), LinkOption.NOFOLLOW_LINKS);
    }

    /** Keeps these changes. They exist from then on. */
    void write(SandboxDirectory directory) throws IOException {
        ObjectNode file = JSON.createObjectNode();
        file.set("output", members);
        notes.forEach(file.putArray("notes")::add);
        PrivateFiles.replace(directory.changes(), file.toString());
    }

    /** Reads changes; an agent of the same user may have replaced the file by anything. */
    static CollectedChanges read(SandboxDirectory directory) throws IOException {
        try (InputStream in = UntrustedFiles.newInputStream(directory.changes())) {
            byte[] bytes = in.readNBytes(MAX_BYTES);
            JsonNode file = JSON.readTree(new String(bytes, StandardCharsets.UTF_8));
            List<String> notes = new ArrayList<>();
            file.path("notes").forEach(note -> notes.add(note.asText()));
            if (file.path("output") instanceof ObjectNode members) {
                return new CollectedChanges(members, notes);
            }
            throw new IOException("the collected changes are malformed");
        } catch (JsonProcessingException malformed) {
            throw new IOException("the collected changes are malformed", malformed);
        }
    }

    /** Returns an exit with these changes and the patch. */
    SandboxExit addTo(SandboxExit exit, SandboxDirectory directory) throws IOException {
        List<String> allNotes = new ArrayList<>(exit.notes());
        allNotes.addAll(notes);
        List<OutputArtifact> artifacts = new ArrayList<>(exit.artifacts());
        if (Files.isRegularFile(directory.patch(), LinkOption.NOFOLLOW_LINKS)) {
            artifacts.add(
                    new OutputArtifact(
                            unusedName(exit.artifacts()),
                            Files.size(directory.patch()),
                            "text/x-diff",
                            () -> UntrustedFiles.newInputStream(directory.patch())));
            artifacts.sort(Comparator.comparing(OutputArtifact::name));
        }
        return new SandboxExit(
                exit.exitCode(),
                exit.stopReason(),
                exit.output(),
                exit.problem(),
                allNotes,
                artifacts,
                exit.lastLines(),
                exit.report(),
                members.isEmpty()
                        ? Optional.empty()
                        : Optional.of(JsonText.of(members.toString())));
    }

    /** The agent may have written an artifact of the same name. */
    private static String unusedName(List<OutputArtifact> artifacts) {
        Set<String> taken =
                artifacts.stream().map(OutputArtifact::name).collect(Collectors.toSet());
        String name = PATCH + PATCH_EXTENSION;
        for (int n = 2; taken.contains(name); n++) {
            name = PATCH + "-" + n + PATCH_EXTENSION;
        }
        return name;
    }
}
