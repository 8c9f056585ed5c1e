package dev.errand.examples.filebackend;

import dev.errand.spi.store.Backend;
import dev.errand.tck.BackendFactory;
import dev.errand.tck.StorageContracts;
import java.nio.file.Path;
import java.time.Clock;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.io.TempDir;

/** The storage contracts on a file. */
class FileBackendTest extends StorageContracts {

    @TempDir(factory = InMemory.class)
    static Path folder;

    @Override
    protected BackendFactory factory() {
        return new BackendFactory() {
            private final Path file = folder.resolve("errand.journal");

            @Override
            public Backend open(Clock clock) {
                return FileBackend.open(file, new SecretKeySpec(new byte[32], "AES"), clock);
            }

            @Override
            public void reset() {
                file.toFile().delete();
            }

            @Override
            public String name() {
                return "a file";
            }
        };
    }
}
