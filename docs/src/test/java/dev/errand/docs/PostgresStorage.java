package dev.errand.docs;

import dev.errand.jdbc.JdbcBackend;
import dev.errand.jdbc.SecretKeys;
import dev.errand.spi.store.Backend;
import javax.crypto.spec.SecretKeySpec;
import javax.sql.DataSource;

final class PostgresStorage {

    /** Opens the storage and applies missing migrations; {@code key} has 16 or 32 bytes. */
    static Backend open(DataSource pool, byte[] key) {
        SecretKeys keys = SecretKeys.of("2026", new SecretKeySpec(key, "AES"));
        return JdbcBackend.builder(pool).secretKeys(keys).signalling().migrate().open();
    }
}
