package dev.errand.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** Opening a file that an agent replaced neither blocks nor leads elsewhere. */
@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = ThreadMode.SEPARATE_THREAD)
class UntrustedFilesTest {

    @TempDir Path directory;

    @Test
    void regularFileIsRead() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "content");
        Path readOnly = Files.writeString(directory.resolve("read-only"), "content");
        Files.setPosixFilePermissions(readOnly, PosixFilePermissions.fromString("r--r--r--"));

        assertThat(UntrustedFiles.newInputStream(file)).hasContent("content");
        assertThat(UntrustedFiles.newInputStream(readOnly)).hasContent("content");
    }

    @Test
    void fifoIsRefusedWithoutWaitingForAWriter() throws Exception {
        Path fifo = fifo("fifo");

        assertThatExceptionOfType(FileSystemException.class)
                .isThrownBy(() -> UntrustedFiles.open(fifo))
                .withMessageContaining("not a regular file");
        assertThatExceptionOfType(FileSystemException.class)
                .isThrownBy(() -> UntrustedFiles.openOwn(fifo));
    }

    @Test
    void fileThatBecomesAFifoAfterTheCheckIsRefusedToo() throws Exception {
        Path file = directory.resolve("file");
        Path spare = fifo("spare");
        Thread exchanger =
                new Thread(
                        () -> {
                            try {
                                for (int i = 0; i < 2000; i++) {
                                    Files.deleteIfExists(file);
                                    Files.createFile(file);
                                    Files.delete(file);
                                    Files.createLink(file, spare);
                                }
                            } catch (IOException impossible) {
                                throw new AssertionError(impossible);
                            }
                        });
        exchanger.start();

        int refused = 0;
        while (exchanger.isAlive()) {
            try (FileChannel opened = UntrustedFiles.open(file)) {
                assertThat(opened.size()).isZero();
            } catch (IOException refusal) {
                refused++;
            }
        }

        assertThat(refused).isPositive();
    }

    @Test
    void symbolicLinkIsNotFollowed() throws IOException {
        Path target = Files.writeString(directory.resolve("target"), "secret");
        Path link = Files.createSymbolicLink(directory.resolve("link"), target);

        assertThatExceptionOfType(FileSystemException.class)
                .isThrownBy(() -> UntrustedFiles.open(link));
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> UntrustedFiles.open(directory.resolve("missing")));
    }

    @Test
    void replacedFifoBecomesAFileAndNothingIsWrittenIntoIt() throws Exception {
        Path fifo = fifo("fifo");

        PrivateFiles.replace(fifo, "line");

        assertThat(fifo).isRegularFile().hasContent("line");
        assertThat(directory).isDirectoryNotContaining(path -> !path.equals(fifo));
    }

    private Path fifo(String name) throws Exception {
        Path fifo = directory.resolve(name);
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
        return fifo;
    }
}
