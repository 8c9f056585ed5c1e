package dev.errand.examples.filebackend;

import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.errand.spi.PortException;
import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.InsertResult;
import dev.errand.spi.task.Task;
import dev.errand.tck.TestClock;
import dev.errand.tck.TestTasks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exactly the acknowledged data survives a restart (docs/invariants.md#i7). */
class RestartTest {

    private static final ProjectId PROJECT = ProjectId.of(7);

    private final TestClock clock = TestClock.at(Instant.parse("2026-05-06T09:00:00Z"));

    @TempDir private Path folder;
    private Path file;

    @BeforeEach
    void chooseFile() {
        file = folder.resolve("errand.journal");
    }

    private Backend open() {
        byte[] key = new byte[32];
        Backend backend = FileBackend.open(file, new SecretKeySpec(key, "AES"), clock);
        return backend;
    }

    private static Task insert(Backend backend) {
        InsertResult<Task> insertion =
                TestTasks.insertTask(backend.tasks(), PROJECT, aTask().build(), Optional.empty());
        return ((InsertResult.Inserted<Task>) insertion).value();
    }

    @Test
    void acknowledgedDataSurvivesWithoutClose() {
        Task task = insert(open());

        try (Backend after = open()) {
            assertThat(after.tasks().find(PROJECT, task.id()).orElseThrow().task()).isEqualTo(task);
            assertThat(insert(after).number()).isEqualTo(task.number() + 1);
        }
    }

    /** A truncated last entry is removed, and the next one is written at its position. */
    @Test
    void aTruncatedEntryIsRemoved() throws IOException {
        Task first;
        try (Backend backend = open()) {
            first = insert(backend);
        }
        long end = Files.size(file);
        try (Backend backend = open()) {
            insert(backend);
        }
        byte[] whole = Files.readAllBytes(file);

        for (int length = (int) end; length < whole.length; length += 7) {
            Files.write(file, Arrays.copyOf(whole, length));
            try (Backend after = open()) {
                assertThat(Files.size(file)).isEqualTo(end);
                assertThat(insert(after).number()).isEqualTo(first.number() + 1);
            }
        }
    }

    @Test
    void aDamagedEntryIsReportedAndKept() throws IOException {
        try (Backend backend = open()) {
            insert(backend);
            insert(backend);
        }
        byte[] whole = Files.readAllBytes(file);
        for (int i : new int[] {0, 5, 9, 20, 200}) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 1;
            Files.write(file, damaged);

            assertThatExceptionOfType(PortException.class)
                    .isThrownBy(this::open)
                    .withMessageContaining("cannot open");
            assertThat(file).hasBinaryContent(damaged);
        }
    }

    @Test
    void aFileOfAnotherKeyIsRejectedAndKept() throws IOException {
        try (Backend backend = open()) {
            insert(backend);
        }
        byte[] whole = Files.readAllBytes(file);
        byte[] otherKey = new byte[32];
        otherKey[0] = 1;

        assertThatExceptionOfType(PortException.class)
                .isThrownBy(() -> FileBackend.open(file, new SecretKeySpec(otherKey, "AES"), clock))
                .withMessageContaining("cannot open")
                .withRootCauseInstanceOf(GeneralSecurityException.class);
        assertThat(file).hasBinaryContent(whole);
    }

    @Test
    void aSecretSurvivesEncrypted() throws IOException {
        RunId run = RunId.of(new UUID(1, 2));
        Map<String, Secret> secrets = Map.of("token", Secret.of("not to be seen"));
        try (Backend backend = open()) {
            backend.secrets().put(PROJECT, run, secrets, clock.instant().plus(Duration.ofHours(1)));
        }

        try (Backend after = open()) {
            assertThat(after.secrets().find(PROJECT, run)).isEqualTo(secrets);
        }
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                .doesNotContain("not to be seen");
    }
}
