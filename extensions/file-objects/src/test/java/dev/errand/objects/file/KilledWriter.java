package dev.errand.objects.file;

import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.Map;

/**
 * Replaces one object repeatedly in its own process until {@link FileObjectStoreKillTest} kills it.
 */
final class KilledWriter {

    static final ProjectId PROJECT = ProjectId.of(7);
    static final String KEY = "tasks/artifacts/team_7/task_6f1c/staged/9f86/spec.pdf";
    static final int MIN_SIZE_IN_BYTES = 300_000;

    private KilledWriter() {}

    /** Prints a line after each acknowledged write. */
    public static void main(String[] arguments) {
        FileObjectStore store = open(Path.of(arguments[0]));
        for (int write = 0; ; write++) {
            byte[] content = contentOf(write);
            store.write(
                    PROJECT,
                    KEY,
                    new ByteArrayInputStream(content),
                    content.length,
                    Integer.toString(write));
            store.tag(PROJECT, KEY, Map.of("write", Integer.toString(write)));
            System.out.println(write);
        }
    }

    static FileObjectStore open(Path directory) {
        return FileObjectStore.open(
                directory, Clock.systemUTC(), Secret.of("sixteen or more characters"));
    }

    static byte[] contentOf(int write) {
        byte[] content = new byte[MIN_SIZE_IN_BYTES + write];
        Arrays.fill(content, (byte) write);
        return content;
    }
}
