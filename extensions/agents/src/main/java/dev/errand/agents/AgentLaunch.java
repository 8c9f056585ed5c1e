package dev.errand.agents;

import dev.errand.spi.Secret;
import dev.errand.spi.sandbox.Attachment;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How an agent program is started. {@link #toString()} reveals no value of a variable and no
 * content of a file.
 *
 * @param command the program and its arguments, without any secret
 * @param environment variables for this program only, in addition to those of the launcher
 * @param files files to write into the program's private directory, which is new and empty, with
 *     mode 600 in directories with mode 700
 * @param notes what the run asks for and the program cannot do, for the log of the run
 */
public record AgentLaunch(
        List<String> command,
        Map<String, Secret> environment,
        List<PrivateFile> files,
        List<String> notes) {

    /** Copies the collections. */
    public AgentLaunch {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        files = List.copyOf(files);
        notes = List.copyOf(notes);
    }

    /**
     * A file for the program.
     *
     * @param path its path, relative to the program's private directory
     * @param content opens its content
     * @param optional whether the file is left out if opening it throws {@link
     *     java.nio.file.NoSuchFileException}
     */
    public record PrivateFile(Path path, Attachment.Content content, boolean optional) {

        /**
         * Checks the path.
         *
         * @throws IllegalArgumentException if the path is absolute or leaves the directory
         */
        public PrivateFile {
            Objects.requireNonNull(content, "content");
            if (path.isAbsolute() || path.normalize().startsWith("..")) {
                throw new IllegalArgumentException(
                        "path must stay within the private directory, but is " + path);
            }
        }

        /** Creates a file with the given text. */
        public static PrivateFile of(String path, String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return new PrivateFile(Path.of(path), () -> new ByteArrayInputStream(bytes), false);
        }

        /** Returns the path only. */
        @Override
        public String toString() {
            return "PrivateFile[" + path + "]";
        }
    }
}
