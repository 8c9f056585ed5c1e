package dev.errand.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.errand.jdbc.database.TestDatabase;
import dev.errand.spi.PortException;
import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.Backend;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** docs/invariants.md#i8: the stored form of secrets, and the selection of keys. */
final class SecretCipherTest {

    private static final ProjectId PROJECT = ProjectId.of(7);
    private static final Map<String, Secret> SECRETS = Map.of("github", Secret.of("ghp_visible"));

    private final TestDatabase database = TestDatabase.h2(SecretCipherTest.class);
    private final RunId run = RunId.of(UUID.randomUUID());
    private final Instant later = Instant.now().plusSeconds(600);

    @BeforeEach
    void emptyDatabase() {
        database.reset();
    }

    @Test
    void aSecretIsNotStoredInPlainText() throws SQLException {
        with(SecretKeys.of("one", key(1))).secrets().put(PROJECT, run, SECRETS, later);
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery("select key_id, sealed from errand_secret")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).isEqualTo("one");
            assertThat(new String(rows.getBytes(2))).doesNotContain("visible");
        }
    }

    @Test
    void anEarlierKeyDecryptsAfterARotation() {
        with(SecretKeys.of("one", key(1))).secrets().put(PROJECT, run, SECRETS, later);
        Backend rotated = with(SecretKeys.of("two", key(2)).and("one", key(1)));
        assertThat(rotated.secrets().find(PROJECT, run)).isEqualTo(SECRETS);
        rotated.secrets().put(PROJECT, run, SECRETS, later);
        assertThat(with(SecretKeys.of("two", key(2))).secrets().find(PROJECT, run))
                .isEqualTo(SECRETS);
    }

    @Test
    void decryptingWithoutTheKeyIsAPermanentFailureThatNamesTheKey() {
        with(SecretKeys.of("one", key(1))).secrets().put(PROJECT, run, SECRETS, later);
        Backend other = with(SecretKeys.of("two", key(2)));
        assertThatThrownBy(() -> other.secrets().find(PROJECT, run))
                .isInstanceOf(PortException.class)
                .hasMessageContaining("'one'");
        Backend wrong = with(SecretKeys.of("one", key(2)));
        assertThatThrownBy(() -> wrong.secrets().find(PROJECT, run))
                .isInstanceOf(PortException.class);
    }

    @Test
    void aCiphertextCannotBeDecryptedInAnotherRow() throws SQLException {
        Backend backend = with(SecretKeys.of("one", key(1)));
        backend.secrets().put(PROJECT, run, SECRETS, later);
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("update errand_secret set project_id = 8");
        }
        assertThatThrownBy(() -> backend.secrets().find(ProjectId.of(8), run))
                .isInstanceOf(PortException.class);
    }

    @Test
    void storingASecretWithoutAKeyFails() {
        Backend backend = JdbcBackend.builder(database.dataSource()).open();
        assertThatThrownBy(() -> backend.secrets().put(PROJECT, run, SECRETS, later))
                .isInstanceOf(PortException.class)
                .hasMessageContaining("JdbcBackend.Builder.secretKeys");
    }

    @Test
    void keysAreNotPartOfTheirText() {
        assertThat(SecretKeys.of("one", key(1)).and("old", key(2)))
                .asString()
                .startsWith("SecretKeys[one of [")
                .doesNotContain("SecretKeySpec");
    }

    private Backend with(SecretKeys keys) {
        return JdbcBackend.builder(database.dataSource()).secretKeys(keys).open();
    }

    private static SecretKey key(int number) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) number);
        return new SecretKeySpec(bytes, "AES");
    }
}
