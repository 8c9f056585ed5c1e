package dev.errand.process;

import dev.errand.agents.AgentLaunch;
import dev.errand.spi.JsonText;
import dev.errand.spi.Secret;
import dev.errand.spi.sandbox.Attachment;
import dev.errand.spi.sandbox.LaunchRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes the files that an agent finds when it starts. */
final class SandboxFileWriter {

    private static final Pattern SECRET_NAME = Pattern.compile("[a-z0-9_]+");

    private final SandboxDirectory directory;

    SandboxFileWriter(SandboxDirectory directory) {
        this.directory = directory;
    }

    /**
     * Writes all files into the sandbox's directory, which exists and has at most a workspace.
     *
     * @throws dev.errand.spi.PortException if a secret's name is not of the form {@code [a-z0-9_]+}
     */
    void write(LaunchRequest request, Optional<AgentLaunch> agent) throws IOException {
        new SandboxStateFiles(directory).createDirectory();
        for (Path subdirectory :
                List.of(
                        directory.agent(),
                        directory.attachments(),
                        directory.secrets(),
                        directory.home(),
                        directory.temporary(),
                        directory.workspace(),
                        directory.artifacts())) {
            PrivateFiles.createDirectories(subdirectory);
        }
        PrivateFiles.create(directory.prompt(), request.prompt());
        Optional<JsonText> schema = request.task().details().jsonSchema();
        if (schema.isPresent()) {
            PrivateFiles.create(directory.jsonSchema(), schema.get().text());
        }
        PrivateFiles.create(directory.apiToken(), request.apiToken().reveal());
        writeSecrets(request.secrets());
        writeAttachments(request.attachments());
        PrivateFiles.create(directory.standardOutput(), "");
        PrivateFiles.create(
                directory.standardError(), agent.map(SandboxFileWriter::notes).orElse(""));
        if (agent.isPresent()) {
            PrivateFiles.createDirectory(directory.program());
            for (AgentLaunch.PrivateFile file : agent.get().files()) {
                write(file);
            }
        }
    }

    /** They become the first lines of the error output, and thereby part of the log. */
    private static String notes(AgentLaunch agent) {
        return agent.notes().stream().map(note -> note + "\n").collect(Collectors.joining());
    }

    private void write(AgentLaunch.PrivateFile file) throws IOException {
        Path path = directory.program().resolve(file.path());
        PrivateFiles.createDirectories(Objects.requireNonNull(path.getParent()));
        try (InputStream content = file.content().open()) {
            PrivateFiles.create(path, content);
        } catch (NoSuchFileException missing) {
            if (!file.optional()) {
                throw missing;
            }
        }
    }

    private void writeSecrets(Map<String, Secret> secrets) throws IOException {
        checkNames(secrets);
        for (Map.Entry<String, Secret> secret : secrets.entrySet()) {
            PrivateFiles.create(
                    directory.secrets().resolve(secret.getKey()), secret.getValue().reveal());
        }
    }

    /**
     * Checks that the names of secrets are names of files.
     *
     * @throws dev.errand.spi.PortException if one is not
     */
    static void checkNames(Map<String, Secret> secrets) {
        for (String name : secrets.keySet()) {
            if (!SECRET_NAME.matcher(name).matches()) {
                throw PortExceptions.permanent(
                        "secret name must match " + SECRET_NAME + ", not '" + name + "'");
            }
        }
    }

    private void writeAttachments(List<Attachment> attachments) throws IOException {
        Set<String> taken = new HashSet<>();
        for (Attachment attachment : attachments) {
            Path file =
                    directory
                            .attachments()
                            .resolve(AttachmentNames.unique(attachment.name(), taken));
            if (!directory.attachments().equals(file.normalize().getParent())) {
                throw new IllegalStateException(
                        "attachment "
                                + attachment.id()
                                + " would be written outside of its directory");
            }
            try (InputStream content = attachment.content().open()) {
                PrivateFiles.create(file, content);
            }
        }
    }
}
