package dev.errand.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.errand.spi.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The key file and the keys derived from it. */
class KeyFileTest {

    private static final String TEXT = "0123456789abcdef0123456789abcdef\n";

    @TempDir Path folder;

    @Test
    void fileIsCreatedOnceAndOnlyForItsOwner() throws IOException {
        Path file = folder.resolve("new/key");

        Secret made = KeyFile.readOrCreate(file);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(KeyFile.readOrCreate(file)).isEqualTo(made);
        assertThat(KeyFile.readOrCreate(folder.resolve("other"))).isNotEqualTo(made);
        assertThat(file.getParent()).isDirectoryNotContaining("glob:**key.*");
    }

    @Test
    void serversThatStartConcurrentlyUseTheSameSecret() throws Exception {
        Path file = folder.resolve("key");
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Secret>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                all.add(() -> KeyFile.readOrCreate(file));
            }
            Set<Secret> read = new HashSet<>();
            for (Future<Secret> each : threads.invokeAll(all)) {
                read.add(each.get());
            }
            assertThat(read).hasSize(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-rw-rw-"})
    void fileThatOthersCanAccessIsRejected(String permissions) throws IOException {
        Path file = Files.writeString(folder.resolve("key"), TEXT);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

        assertThatThrownBy(() -> KeyFile.readOrCreate(file))
                .isInstanceOf(InvalidOptionsException.class)
                .hasMessage(
                        "--key-file: "
                                + file
                                + " must be accessible only by its owner; run chmod 600");
    }

    @Test
    void shortSecretIsRejectedAndNotRepeated() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), "hunter2");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

        assertThatThrownBy(() -> KeyFile.readOrCreate(file))
                .isInstanceOf(InvalidOptionsException.class)
                .hasMessageContaining("at least 32 characters")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void defaultLocationIsBesideTheH2File() {
        ServerOptions options =
                ServerOptions.DEFAULT.withBackend(
                        "jdbc:h2:file:/var/lib/errand;TRACE_LEVEL_FILE=0");

        assertThat(KeyFile.of(options)).contains(Path.of("/var/lib/errand.key"));
        assertThat(KeyFile.of(options.withBackend("jdbc:h2:file:~/errand")))
                .contains(Path.of(System.getProperty("user.home"), "errand.key"));
        assertThat(KeyFile.of(options.withKeyFile(Path.of("k")))).contains(Path.of("k"));
    }

    @Test
    void relativePathOfAnH2DatabaseIsRejected() {
        ServerOptions options = ServerOptions.DEFAULT.withBackend("jdbc:h2:file:errand/db");

        assertThatThrownBy(() -> KeyFile.of(options))
                .isInstanceOf(InvalidOptionsException.class)
                .hasMessageContaining("must be absolute");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdbc:postgresql://db/errand", "jdbc:h2:tcp://db/errand"})
    void remoteDatabaseRequiresAKeyFile(String backend) {
        ServerOptions options = ServerOptions.DEFAULT.withBackend(backend);

        assertThatThrownBy(() -> KeyFile.of(options))
                .isInstanceOf(InvalidOptionsException.class)
                .hasMessageContaining("requires --key-file FILE");
        assertThat(KeyFile.of(options.withKeyFile(Path.of("k")))).contains(Path.of("k"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory:", "jdbc:h2:mem:errand"})
    void volatileStorageNeedsNoKeyFile(String backend) {
        assertThat(KeyFile.of(ServerOptions.DEFAULT.withBackend(backend))).isEmpty();
    }

    @Test
    void keysAreDeterministicAndDifferForEachPurpose() {
        ServerKeys keys = ServerKeys.of(Secret.of(TEXT));
        ServerKeys again = ServerKeys.of(Secret.of(TEXT));
        ServerKeys others = ServerKeys.random();

        assertThat(again.logLinks()).isEqualTo(keys.logLinks());
        assertThat(again.runTokens()).isEqualTo(keys.runTokens());
        assertThat(again.runSecrets()).isEqualTo(keys.runSecrets());
        assertThat(
                        Set.of(
                                keys.logLinks(),
                                keys.runTokens(),
                                keys.runSecrets(),
                                others.logLinks(),
                                others.runTokens(),
                                others.runSecrets()))
                .hasSize(6);
    }
}
