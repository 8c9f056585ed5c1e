package dev.errand.objects.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.artifact.ObjectHead;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a writing process. Afterwards exactly one complete upload exists. */
class FileObjectStoreKillTest {

    private static final int KILLS = 6;

    @TempDir private Path directory;

    @Test
    void killedWriterLeavesACompleteObject() throws Exception {
        for (int kill = 0; kill < KILLS; kill++) {
            int acknowledged = killAfter(5 + 3 * kill);

            assertComplete(acknowledged);
            assertThat(directory.resolve("incoming")).isEmptyDirectory();
        }
    }

    /** Returns the last acknowledged write. */
    private int killAfter(int writes) throws IOException, InterruptedException {
        Process writer =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                KilledWriter.class.getName(),
                                directory.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (BufferedReader lines = writer.inputReader()) {
            for (int write = 0; write < writes; write++) {
                assertThat(lines.readLine()).isNotNull();
            }
            // Process.destroyForcibly would close the pipe, which still contains lines.
            writer.toHandle().destroyForcibly();
            return writes - 1 + (int) lines.lines().count();
        } finally {
            writer.destroyForcibly().waitFor();
        }
    }

    private void assertComplete(int acknowledged) throws IOException {
        FileObjectStore store = KilledWriter.open(directory);
        ObjectHead head = store.head(KilledWriter.PROJECT, KilledWriter.KEY).orElseThrow();
        int write = Integer.parseInt(head.contentType().orElseThrow());
        assertThat(write).isBetween(acknowledged, acknowledged + 1);
        assertThat(head.sizeInBytes()).hasValue(KilledWriter.MIN_SIZE_IN_BYTES + write);
        assertThat(head.tags()).isIn(Map.of(), Map.of("write", Integer.toString(write)));
        try (InputStream content =
                store.open(KilledWriter.PROJECT, KilledWriter.KEY).orElseThrow()) {
            assertThat(content.readAllBytes()).isEqualTo(KilledWriter.contentOf(write));
        }
    }
}
