package dev.errand.jdbc.internal;

import dev.errand.jdbc.JdbcBackend;
import dev.errand.jdbc.SecretKeys;
import dev.errand.spi.PortException;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.BackendProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import javax.crypto.spec.SecretKeySpec;

/**
 * Opens a {@link JdbcBackend} for {@code jdbc:postgresql:} and {@code jdbc:h2:} URLs, with a
 * connection pool that is closed together with the backend. The backend uses the database's clock
 * and ignores the clock argument.
 *
 * <p>Options: {@code user}, {@code password}, {@code migrate} ({@code true} or {@code false}),
 * {@code pool-size} (default 10), {@code signals} ({@code true} or {@code false}; by default {@code
 * true} on PostgreSQL with at least three connections), {@code statement-timeout-seconds}, and
 * either {@code secret-key}, an AES key in base64, or {@code secret-key-file}, a file that contains
 * one.
 *
 * <p>Credentials can also be part of the URL in the driver's syntax. Error messages contain neither
 * option values that may be secret nor the URL.
 */
public final class JdbcBackendProvider implements BackendProvider {

    private static final String SCHEME = "jdbc";
    private static final List<String> OPTIONS =
            List.of(
                    "user",
                    "password",
                    "migrate",
                    "pool-size",
                    "signals",
                    "statement-timeout-seconds",
                    "secret-key",
                    "secret-key-file");
    private static final int DEFAULT_POOL_SIZE = 10;
    private static final int MIGRATING_CONNECTIONS = 3;
    private static final int KEY_ID_BYTES = 8;

    /** For {@link java.util.ServiceLoader}. */
    public JdbcBackendProvider() {}

    @Override
    public String scheme() {
        return SCHEME;
    }

    @Override
    public Backend open(String url, Map<String, String> options, Clock clock) {
        boolean h2 = url.startsWith("jdbc:h2:");
        if (!h2 && !url.startsWith("jdbc:postgresql:")) {
            throw new IllegalArgumentException("url must begin with jdbc:postgresql: or jdbc:h2:");
        }
        Map<String, String> rest = new HashMap<>(options);
        Optional<String> user = take(rest, "user", Function.identity());
        Optional<String> password = take(rest, "password", Function.identity());
        int poolSize = take(rest, "pool-size", Integer::parseInt).orElse(DEFAULT_POOL_SIZE);
        if (poolSize < 1) {
            throw new IllegalArgumentException("pool-size must be at least 1, but is " + poolSize);
        }
        boolean migrate = take(rest, "migrate", JdbcBackendProvider::parseBoolean).orElse(false);
        // Listening occupies a connection permanently.
        boolean signals =
                take(rest, "signals", JdbcBackendProvider::parseBoolean)
                        .orElse(!h2 && poolSize > 2);
        Optional<Long> timeout = take(rest, "statement-timeout-seconds", Long::parseLong);
        Optional<SecretKeys> keyFile = take(rest, "secret-key-file", JdbcBackendProvider::readKey);
        Optional<SecretKeys> key = take(rest, "secret-key", JdbcBackendProvider::parseKey);
        if (!rest.isEmpty()) {
            throw new IllegalArgumentException(
                    "unknown options " + rest.keySet() + "; the options are " + OPTIONS);
        }
        String effectiveUrl = h2 ? durable(url) : url;
        ConnectionPool pool = pool(effectiveUrl, user, password, poolSize);
        try {
            JdbcBackend.Builder builder = JdbcBackend.builder(pool.dataSource());
            timeout.map(Duration::ofSeconds).ifPresent(builder::statementTimeout);
            key.or(() -> keyFile).ifPresent(builder::secretKeys);
            if (signals) {
                builder.signalling();
            }
            if (migrate) {
                migrate(pool(effectiveUrl, user, password, MIGRATING_CONNECTIONS));
            }
            return new PooledBackend(builder.open(), pool);
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    /** Flyway may need more connections than the pool of the backend has; they are closed again. */
    private static void migrate(ConnectionPool pool) {
        try (pool) {
            JdbcBackend.builder(pool.dataSource()).migrate().open().close();
        }
    }

    private static ConnectionPool pool(
            String url, Optional<String> user, Optional<String> password, int maxConnections) {
        try {
            return ConnectionPool.open(url, user, password, maxConnections);
        } catch (NoClassDefFoundError e) {
            throw PortException.permanent(
                    "JdbcBackend",
                    "opening a backend by URL requires com.zaxxer:HikariCP on the class path",
                    e);
        }
    }

    /**
     * Adds the H2 settings without which acknowledged writes can be lost: H2 writes a commit to its
     * file half a second later, unless WRITE_DELAY is 0, and closes the database in a shutdown hook
     * while other threads still use it, unless DB_CLOSE_ON_EXIT is FALSE. The latter cannot be
     * combined with AUTO_SERVER.
     */
    private static String durable(String url) {
        String written = sets(url, "WRITE_DELAY") ? url : url + ";WRITE_DELAY=0";
        return sets(url, "DB_CLOSE_ON_EXIT") || sets(url, "AUTO_SERVER")
                ? written
                : written + ";DB_CLOSE_ON_EXIT=FALSE";
    }

    private static boolean sets(String url, String setting) {
        return url.toUpperCase(Locale.ROOT).contains(";" + setting + "=");
    }

    private static <T> Optional<T> take(
            Map<String, String> options, String name, Function<String, T> parse) {
        String text = options.remove(name);
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse.apply(text));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    name + " must be a number, but is '" + text + "'", e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + " " + e.getMessage(), e);
        }
    }

    private static boolean parseBoolean(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default ->
                    throw new IllegalArgumentException(
                            "must be true or false, but is '" + text + "'");
        };
    }

    private static SecretKeys readKey(String file) {
        try {
            byte[] key = decode(Files.readString(Path.of(file)).strip());
            return SecretKeys.of(
                    Path.of(file).getFileName().toString(), new SecretKeySpec(key, "AES"));
        } catch (IOException e) {
            throw new UncheckedIOException("secret-key-file cannot be read: " + file, e);
        }
    }

    /** Derives the key id from a digest of the key: unique per key, without revealing it. */
    private static SecretKeys parseKey(String text) {
        byte[] key = decode(text);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key);
            String id = HexFormat.of().formatHex(digest, 0, KEY_ID_BYTES);
            return SecretKeys.of(id, new SecretKeySpec(key, "AES"));
        } catch (NoSuchAlgorithmException everyPlatformHasIt) {
            throw new IllegalStateException("SHA-256 is not available", everyPlatformHasIt);
        }
    }

    private static byte[] decode(String key) {
        try {
            return Base64.getDecoder().decode(key);
        } catch (IllegalArgumentException notBase64) {
            // The original message may quote the key, so it is not kept as the cause.
            throw new IllegalArgumentException("must contain an AES key in base64");
        }
    }
}
