package dev.errand.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.errand.process.DirectoryTree.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** Trees that an agent made to be neither counted nor deleted. Shells make them. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = ThreadMode.SEPARATE_THREAD)
class DirectoryTreeTest {

    private static final Duration AMPLE = Duration.ofMinutes(1);
    private static final int MIB = 1024 * 1024;

    private static final String NESTED =
            "i=0; while [ $i -lt %1$d ]; do mkdir %2$s; cd %2$s; i=$((i+1)); done; ";

    /** More than twice PATH_MAX. */
    private static final String LONG_PATH = NESTED.formatted(200, "n".repeat(50));

    @TempDir Path parent;

    @Test
    void filesBelowALongPathAreCountedAndDeleted() throws Exception {
        Path tree = made(LONG_PATH + "head -c 3000000 /dev/zero > file");

        assertThat(measured(tree, 2 * MIB)).isInstanceOf(Size.Exceeded.class);
        assertThat(measured(tree, 4 * MIB)).isInstanceOf(Size.Within.class);
        delete(tree);

        assertThat(tree).doesNotExist();
    }

    @Test
    void directoriesNestedTooDeeplyAreAReasonAndAreDeleted() throws Exception {
        Path tree = made(NESTED.formatted(300, "d") + "echo x > file");

        assertThat(measured(tree, MIB * 4))
                .isEqualTo(new Size.Unknown("directories are nested more than 256 levels deep"));
        delete(tree);

        assertThat(tree).doesNotExist();
    }

    @Test
    void directoriesWithoutPermissionsAreCountedAndDeleted() throws Exception {
        Path tree =
                made(
                        "mkdir -p a/b/c; head -c 3000000 /dev/zero > a/b/c/file;"
                                + " chmod 000 a/b/c; chmod 111 a/b; chmod 444 a");

        assertThat(measured(tree, 2 * MIB)).isInstanceOf(Size.Exceeded.class);
        run(tree, "chmod 555 a; chmod 555 a/b; chmod 000 a/b/c");
        delete(tree);

        assertThat(tree).doesNotExist();
    }

    @Test
    void symbolicLinksAreNotFollowed() throws Exception {
        Path outside = Files.createDirectory(parent.resolve("outside"));
        run(outside, "head -c 3000000 /dev/zero > file");
        Path tree = made("ln -s ../outside link; ln -s ../outside/file link2; ln -s . loop");

        assertThat(measured(tree, 2 * MIB)).isInstanceOf(Size.Within.class);
        delete(tree);

        assertThat(tree).doesNotExist();
        assertThat(outside.resolve("file")).exists();
    }

    @Test
    void emptyEntriesCountToo() throws Exception {
        Path tree = made("mkdir d; cd d; seq 3000 | xargs touch; mkfifo fifo");

        assertThat(measured(tree, 3000 * DirectoryTree.MIN_ENTRY_BYTES))
                .isInstanceOf(Size.Exceeded.class);
        delete(tree);

        assertThat(tree).doesNotExist();
    }

    @Test
    void directoryThatBecomesAFifoOrALinkMeanwhileIsNotOpened() throws Exception {
        Path outside = Files.createDirectory(parent.resolve("outside"));
        Files.createFile(outside.resolve("kept"));
        Path tree = made("mkfifo spare; ln -s ../outside spare-link; mkdir spare-directory");
        Process exchanger =
                new ProcessBuilder(
                                "/bin/sh",
                                "-c",
                                "i=0; while [ $i -lt 40 ]; do mv -T spare-directory d; mv -T d spare-directory;"
                                        + " mv -T spare d; mv -T d spare; mv -T spare-link d; mv -T d spare-link;"
                                        + " i=$((i+1)); done")
                        .directory(tree.toFile())
                        .start();

        int measurements = 0;
        while (exchanger.isAlive()) {
            assertThat(measured(tree, MIB)).isInstanceOf(Size.Within.class);
            measurements++;
        }
        assertThat(measurements).isPositive();
        delete(tree);

        assertThat(tree).doesNotExist();
        assertThat(outside.resolve("kept")).exists();
    }

    @Test
    void deadlineEndsTheWorkAndTheRestCanBeDeletedLater() throws Exception {
        Path tree = made("seq 500 | xargs touch");

        assertThat(DirectoryTree.measure(tree, MIB, Duration.ofNanos(-1)))
                .isInstanceOfSatisfying(
                        Size.Unknown.class,
                        unknown -> assertThat(unknown.reason()).contains("too many to count"));
        int[] left = {100};
        assertThatExceptionOfType(TimeoutException.class)
                .isThrownBy(() -> DirectoryTree.delete(tree, () -> left[0]-- == 0));
        assertThat(tree.toFile().list()).hasSizeBetween(1, 499);
        delete(tree);

        assertThat(tree).doesNotExist();
    }

    private static Size measured(Path tree, long maxBytes) {
        return DirectoryTree.measure(tree, maxBytes, AMPLE);
    }

    private static void delete(Path tree) throws IOException, TimeoutException {
        DirectoryTree.delete(tree, DirectoryTree.deadline(AMPLE));
    }

    private Path made(String script) throws Exception {
        Path tree = Files.createDirectory(parent.resolve("tree"));
        run(tree, script);
        return tree;
    }

    private static void run(Path directory, String script) throws Exception {
        Process shell =
                new ProcessBuilder("/bin/sh", "-c", script)
                        .directory(directory.toFile())
                        .inheritIO()
                        .start();
        assertThat(shell.waitFor()).isZero();
    }
}
