package dev.errand.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory that cannot be deleted is reported, tried again and deleted in the end. */
class DirectoryRemoverTest {

    @TempDir Path parent;

    private final DirectoryRemover remover = new DirectoryRemover(Duration.ofMillis(20));

    @Test
    void failureIsVisibleAndRepeatedUntilItSucceeds() throws Exception {
        Path stuck = Files.createDirectory(parent.resolve("stuck"));
        assumeThat(run("mount", "-t", "tmpfs", "tmpfs", stuck.toString()))
                .as("only the superuser can mount a file system, so that a directory is in use")
                .isZero();
        try {
            Path other = Files.createDirectory(parent.resolve("other"));
            remover.remove(stuck);
            remover.remove(other);

            await().until(() -> remover.failing() == 1 && Files.notExists(other));
            assertThat(stuck).exists();
        } finally {
            run("umount", stuck.toString());
        }

        await().until(() -> remover.failing() == 0);
        assertThat(stuck).doesNotExist();
        remover.close(Duration.ofSeconds(10));
    }

    private static int run(String... words) throws Exception {
        return new ProcessBuilder(words).start().waitFor();
    }
}
