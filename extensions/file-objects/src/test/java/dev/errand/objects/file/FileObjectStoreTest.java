package dev.errand.objects.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.errand.spi.PortException;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.LocalObjectStore;
import dev.errand.spi.artifact.LocalObjectStore.UploadResult;
import dev.errand.spi.artifact.ObjectHead;
import dev.errand.spi.artifact.ObjectKeys;
import dev.errand.spi.artifact.UploadPolicy;
import dev.errand.tck.objects.LocalObjectStoreContract;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileObjectStoreTest extends LocalObjectStoreContract {

    private static final Secret SIGNING_KEY = Secret.of("sixteen or more characters");

    @TempDir private Path parent;

    @Override
    protected LocalObjectStore open(Clock clock, Secret signingKey) {
        return FileObjectStore.open(directory(), clock, signingKey);
    }

    @Test
    void objectsAndTagsSurviveARestart() throws IOException {
        upload(form(KEY).fields(), "12345");
        store().tag(PROJECT, KEY, Map.of("ttl_days", "30"));
        ObjectHead before = store().head(PROJECT, KEY).orElseThrow();

        openStore();
        assertThat(store().head(PROJECT, KEY)).contains(before);
        assertThat(read(KEY)).contains("12345");
    }

    @Test
    void formsSurviveARestartWithTheStoredKey() throws IOException {
        LocalObjectStore first = served(FileObjectStore.open(directory(), clock()));
        Map<String, String> fields = formOf(first);

        LocalObjectStore second = FileObjectStore.open(directory(), clock());
        assertThat(second.receive(fields, key -> true, bytes("12345"), ""))
                .isEqualTo(UploadResult.STORED);
    }

    @Test
    void closedKeysStayClosedAfterARestart() throws IOException {
        Map<String, String> fields = form(KEY).fields();
        upload(fields, "12345");
        store().closeUploads(PROJECT, KEY);

        openStore();
        assertThat(upload(fields, "changed")).isEqualTo(UploadResult.REFUSED);
        assertThat(read(KEY)).contains("12345");
    }

    @Test
    void markersOfFormsAreDeletedWithTheKeyOrAfterTheirExpiry() throws IOException {
        String closed = key(PROJECT, "closed");
        String deleted = key(PROJECT, "deleted");
        upload(form(closed).fields(), "12345");
        form(deleted);
        form(KEY);
        assertThat(markers()).hasSize(3);

        store().closeUploads(PROJECT, closed);
        store().delete(PROJECT, deleted);
        openStore();
        assertThat(markers()).hasSize(1);
        FileObjectStore.open(directory(), Clock.offset(clock(), Duration.ofHours(2)), SIGNING_KEY);
        assertThat(markers()).isEmpty();
    }

    @Test
    void keyFileIsReadableOnlyByItsOwner() throws IOException {
        FileObjectStore.open(directory(), clock());

        Path file = directory().resolve("signing-key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file)).matches("[A-Za-z0-9_-]{43}");
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void eachDirectoryHasItsOwnKey() throws IOException {
        LocalObjectStore other = served(FileObjectStore.open(parent.resolve("other"), clock()));
        LocalObjectStore store = FileObjectStore.open(directory(), clock());

        assertThat(store.receive(formOf(other), key -> true, bytes("12345"), ""))
                .isEqualTo(UploadResult.REFUSED);
    }

    @Test
    void damagedKeyIsRejected() throws IOException {
        Files.writeString(directory().resolve("signing-key"), "short\n");

        assertThatThrownBy(() -> FileObjectStore.open(directory(), clock()))
                .isInstanceOf(PortException.class)
                .hasMessageContaining("signing-key");
    }

    /** A crash leaves temporary files that are complete or not, and not renamed. */
    @Test
    void temporaryFilesOfAKilledProcessAreDeleted() throws IOException {
        write(KEY, "before");
        Files.copy(onlyObjectFile(), incoming().resolve("incoming-1.tmp"));
        Files.write(incoming().resolve("incoming-2.tmp"), new byte[] {'E'});

        openStore();
        assertThat(leftovers()).isEmpty();
        assertThat(read(KEY)).contains("before");
    }

    /** A crash between the deletion of an object and of its tags leaves the tags. */
    @Test
    void tagsWithoutObjectAreIgnored() throws IOException {
        write(KEY, "before");
        store().tag(PROJECT, KEY, Map.of("a", "b"));
        Files.delete(onlyObjectFile());

        assertThat(store().head(PROJECT, KEY)).isEmpty();
        write(KEY, "after");
        assertThat(store().head(PROJECT, KEY).orElseThrow().tags()).isEmpty();
        store().delete(PROJECT, KEY);
        assertThat(files()).isEmpty();
    }

    @Test
    void rejectedUploadLeavesNoFiles() throws IOException {
        upload(form(KEY).fields(), "far too long for it");
        assertThatThrownBy(() -> store().write(PROJECT, KEY, bytes("12"), 3, ""))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(files()).isEmpty();
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void deletingTheLastObjectDeletesTheProjectsDirectory() throws IOException {
        String other = key(PROJECT, "other.pdf");
        write(KEY, "content");
        write(other, "content");
        Path project = onlyObjectFile().getParent();

        store().delete(PROJECT, KEY);
        assertThat(project).exists();
        store().delete(PROJECT, other);
        assertThat(project).doesNotExist();
        write(KEY, "again");
        assertThat(read(KEY)).contains("again");
    }

    @Test
    void noKeyLeavesTheDirectoryOfItsProject() throws IOException {
        for (String name :
                List.of("..%2f..%2fa", "%2e%2e", "~", "$HOME", "-rf", "C:", "a:b", "x.tags")) {
            write(key(PROJECT, name), "content");
        }
        write("team_7/" + "x/".repeat(ObjectKeys.MAX_LENGTH / 2 - 5) + "y", "deep");
        write("team_7/" + "x".repeat(ObjectKeys.MAX_LENGTH - 7), "long");

        Path project = directory().resolve("objects").resolve("team_7");
        assertThat(files())
                .hasSize(10)
                .allSatisfy(
                        file -> {
                            assertThat(file).hasParent(project);
                            assertThat(file.getFileName().toString()).matches("[0-9a-f]{64}");
                        });
        assertThat(parent.toFile().list()).containsExactly("objects-of-errand");
    }

    @Test
    void objectFileIsReadableOnlyByItsOwner() throws IOException {
        write(KEY, "content");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(onlyObjectFile())))
                .isEqualTo("rw-------");
    }

    @Test
    void objectFileShowsItsKey() throws IOException {
        write(KEY, "content");

        assertThat(Files.readString(onlyObjectFile(), StandardCharsets.ISO_8859_1))
                .contains("key=" + KEY)
                .endsWith("content");
    }

    @Test
    void newerFormatIsRejected() throws IOException {
        write(KEY, "content");
        alter(bytes -> bytes[7] = 2);

        assertUnreadable("has format 2; this version reads 1");
    }

    @Test
    void unknownFileIsRejected() throws IOException {
        write(KEY, "content");
        alter(bytes -> bytes[0] = 'X');

        assertUnreadable("is not an object");
    }

    @Test
    void damagedLengthIsRejected() throws IOException {
        write(KEY, "content");
        alter(bytes -> bytes[8] = 0x7F);

        assertUnreadable("is damaged");
    }

    @Test
    void truncatedFileIsRejected() throws IOException {
        write(KEY, "content");
        Path file = onlyObjectFile();
        Files.write(file, new byte[] {'E', 'R', 'R', 'D', 0});

        assertUnreadable("is truncated");
    }

    @Test
    void directoryMayBeASymbolicLink() throws IOException {
        Path target = Files.createDirectory(parent.resolve("elsewhere"));
        Path link = Files.createSymbolicLink(parent.resolve("link"), target);

        LocalObjectStore store = FileObjectStore.open(link, clock(), SIGNING_KEY);
        store.write(PROJECT, KEY, bytes("12345"), 5, "");
        assertThat(store.head(PROJECT, KEY)).isPresent();
    }

    @Test
    void fileInsteadOfADirectoryIsRejected() throws IOException {
        Path file = Files.writeString(parent.resolve("file"), "");

        assertThatThrownBy(() -> FileObjectStore.open(file, clock(), SIGNING_KEY))
                .isInstanceOf(PortException.class)
                .hasMessageContaining(file.toString());
    }

    private interface Alteration {
        void applyTo(byte[] bytes);
    }

    private void alter(Alteration alteration) throws IOException {
        Path file = onlyObjectFile();
        byte[] bytes = Files.readAllBytes(file);
        alteration.applyTo(bytes);
        Files.write(file, bytes);
    }

    private void assertUnreadable(String reason) {
        assertThatThrownBy(() -> store().open(PROJECT, KEY))
                .isInstanceOfSatisfying(
                        PortException.class, failure -> assertThat(failure.isRetryable()).isFalse())
                .hasMessageContaining(reason);
    }

    private Path directory() {
        return parent.resolve("objects-of-errand");
    }

    private Path incoming() {
        return directory().resolve("incoming");
    }

    private Path onlyObjectFile() throws IOException {
        return files().stream()
                .filter(file -> !file.toString().endsWith(".tags"))
                .findFirst()
                .orElseThrow();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(directory().resolve("objects"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private List<Path> markers() throws IOException {
        try (Stream<Path> files = Files.list(directory().resolve("open-forms"))) {
            return files.toList();
        }
    }

    private List<Path> leftovers() throws IOException {
        try (Stream<Path> files = Files.list(incoming())) {
            return files.toList();
        }
    }

    private static LocalObjectStore served(LocalObjectStore store) {
        store.setBaseUrl(BASE);
        return store;
    }

    private Map<String, String> formOf(LocalObjectStore store) {
        return store.uploadForm(
                        PROJECT, new UploadPolicy(KEY, 0, 10, clock().instant().plusSeconds(3_600)))
                .fields();
    }

    private static ByteArrayInputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
