package dev.errand.testpostgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests which existing directories in the shared temporary directory are accepted. */
class PostgresInstallationTest {

    private static final byte[] ARCHIVE = {1, 2, 3};

    @TempDir private Path temporary;

    private Path home;

    @BeforeEach
    void createInstallation() throws IOException {
        home = PostgresInstallation.directory(ARCHIVE, temporary);
        Files.createDirectories(home.resolve("bin"));
        Files.createFile(home.resolve("bin/postgres"));
        setPermissions("rwxr-xr-x");
    }

    @Test
    void ownDirectoryIsUsed() throws IOException {
        assertThat(PostgresInstallation.unpack(ARCHIVE, temporary)).isEqualTo(home);
        assertThat(temporary).isDirectoryNotContaining("glob:**errand-owner*");
    }

    @Test
    void directoryNameContainsTheUser() {
        assertThat(home.getFileName().toString())
                .startsWith("errand-postgres-")
                .contains(System.getProperty("user.name").replaceAll("[^A-Za-z0-9._-]", "_"));
    }

    @Test
    void directoryThatOthersCanWriteToIsRejected() throws IOException {
        for (String permissions : new String[] {"rwxrwxr-x", "rwxr-xrwx"}) {
            setPermissions(permissions);

            assertRejected();
        }
    }

    @Test
    void symbolicLinkIsRejected() throws IOException {
        Path elsewhere = temporary.resolve("elsewhere");
        Files.move(home, elsewhere);
        Files.createSymbolicLink(home, elsewhere);

        assertRejected();
    }

    private void assertRejected() {
        assertThatIllegalStateException()
                .isThrownBy(() -> PostgresInstallation.unpack(ARCHIVE, temporary))
                .withMessageContaining(home + " must be a directory that only user ")
                .withMessageContaining("delete it or set TEST_PG_URL");
    }

    private void setPermissions(String permissions) throws IOException {
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString(permissions));
    }
}
