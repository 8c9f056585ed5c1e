package dev.errand.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines that are shown before they end. */
class UnfinishedLineTest {

    private static final Duration NOW = Duration.ZERO;

    @TempDir Path directory;

    private Path file;
    private OutputFileReader reader;

    @BeforeEach
    void open() throws IOException {
        file = Files.createFile(directory.resolve("stdout.log"));
        reader = new OutputFileReader(file, 0, 64);
    }

    @AfterEach
    void close() throws IOException {
        reader.close();
    }

    @Test
    void isReturnedAfterTheTimeout() throws IOException {
        print("...");

        assertThat(reader.nextOrUnfinished(Duration.ofHours(1))).isEmpty();
        assertThat(take()).containsExactly("...");
        assertThat(take()).isEmpty();
    }

    @Test
    void continuesWithItsRest() throws IOException {
        print("10%");
        assertThat(take()).containsExactly("10%");
        print(" 20%\n30%\n");
        assertThat(take()).containsExactly(" 20%", "30%");
    }

    @Test
    void isNotFollowedByAnEmptyLine() throws IOException {
        print("done");
        assertThat(take()).containsExactly("done");
        print("\n");
        assertThat(take()).isEmpty();
        print("\n");
        assertThat(take()).containsExactly("");
        assertThat(reader.position()).isEqualTo(6);
    }

    @Test
    void isCutBetweenCharactersAndBeforeATerminator() throws IOException {
        print("a");
        write("ä".getBytes(StandardCharsets.UTF_8), 0, 1);
        assertThat(take()).containsExactly("a");
        assertThat(take()).isEmpty();
        write("ä".getBytes(StandardCharsets.UTF_8), 1, 2);
        write("🚀".getBytes(StandardCharsets.UTF_8), 0, 3);
        assertThat(take()).containsExactly("ä");
        write("🚀".getBytes(StandardCharsets.UTF_8), 3, 4);
        print("50%\r");
        assertThat(take()).containsExactly("🚀50%");
        print("\nend");
        assertThat(take()).containsExactly("end");
    }

    @Test
    void mayBeBinary() throws IOException {
        write(new byte[] {(byte) 0xBF, (byte) 0xBF, (byte) 0xBF, (byte) 0xBF}, 0, 4);
        assertThat(take()).containsExactly("\uFFFD\uFFFD\uFFFD\uFFFD");
    }

    private List<String> take() throws IOException {
        List<String> lines = reader.nextOrUnfinished(NOW);
        reader.acknowledge();
        return lines;
    }

    private void print(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        write(bytes, 0, bytes.length);
    }

    private void write(byte[] bytes, int from, int to) throws IOException {
        Files.write(file, Arrays.copyOfRange(bytes, from, to), StandardOpenOption.APPEND);
    }
}
