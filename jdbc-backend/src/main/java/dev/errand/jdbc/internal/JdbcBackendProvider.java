package dev.errand.jdbc.internal;

import dev.errand.jdbc.JdbcBackend;
import dev.errand.jdbc.SecretKeys;
import dev.errand.spi.Backend;
import dev.errand.spi.BackendException;
import dev.errand.spi.BackendProvider;
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
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import javax.crypto.spec.SecretKeySpec;

/**
 * Opens a {@link JdbcBackend} for {@code jdbc:postgresql:…} and {@code jdbc:h2:…}, with a pool of
 * its own that is closed with it. The clock is the database's; the one that is offered is not used.
 *
 * <p>Options: {@code user}, {@code password}, {@code migrate} ({@code true} or {@code false}),
 * {@code table-prefix}, {@code pool-size}, {@code signals}, {@code statement-timeout-seconds}, and
 * one of {@code secret-key}, the base64 form of an AES key, and {@code secret-key-file}, a file
 * with it.
 *
 * <p>A user may stand in the URL as the driver has it; what is given as an option is never shown.
 */
public final class JdbcBackendProvider implements BackendProvider {

    private static final String SCHEME = "jdbc";
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
            throw new IllegalArgumentException(
                    "url must begin with jdbc:postgresql: or jdbc:h2:, unlike this one");
        }
        Map<String, String> rest = new HashMap<>(options);
        Optional<String> user = take(rest, "user", Function.identity());
        Optional<String> password = take(rest, "password", Function.identity());
        int poolSize = take(rest, "pool-size", Integer::parseInt).orElse(DEFAULT_POOL_SIZE);
        if (poolSize < 1) {
            throw new IllegalArgumentException("pool-size must be at least 1, but is " + poolSize);
        }
        boolean migrate = take(rest, "migrate", JdbcBackendProvider::flag).orElse(false);
        // Whoever listens keeps a connection.
        boolean signals =
                take(rest, "signals", JdbcBackendProvider::flag).orElse(!h2 && poolSize > 2);
        Optional<String> prefix = take(rest, "table-prefix", Function.identity());
        Optional<Long> timeout = take(rest, "statement-timeout-seconds", Long::parseLong);
        Optional<SecretKeys> keyFile = take(rest, "secret-key-file", JdbcBackendProvider::readKey);
        Optional<SecretKeys> key = take(rest, "secret-key", JdbcBackendProvider::parseKey);
        if (!rest.isEmpty()) {
            throw new IllegalArgumentException("there are no options " + rest.keySet());
        }
        String chosen = h2 ? durable(url) : url;
        Pool pool = pool(chosen, user, password, poolSize);
        try {
            JdbcBackend.Builder builder = JdbcBackend.builder(pool.dataSource());
            prefix.ifPresent(builder::tablePrefix);
            timeout.map(Duration::ofSeconds).ifPresent(builder::statementTimeout);
            key.or(() -> keyFile).ifPresent(builder::secretKeys);
            if (signals) {
                builder.signalling();
            }
            if (migrate) {
                migrate(pool(chosen, user, password, MIGRATING_CONNECTIONS), prefix);
            }
            return new PooledBackend(builder.open(), pool);
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    /** Flyway needs more connections than a backend may have; they are closed again. */
    private static void migrate(Pool pool, Optional<String> prefix) {
        try (pool) {
            JdbcBackend.Builder builder = JdbcBackend.builder(pool.dataSource()).migrate();
            prefix.ifPresent(builder::tablePrefix);
            builder.open().close();
        }
    }

    private static Pool pool(
            String url, Optional<String> user, Optional<String> password, int maxConnections) {
        try {
            return Pool.open(url, user, password, maxConnections);
        } catch (NoClassDefFoundError e) {
            throw BackendException.permanent(
                    "JdbcBackend", "opening a backend by URL needs com.zaxxer:HikariCP", e);
        }
    }

    /**
     * H2 writes a commit to its file half a second later, unless it is told to do it at once; and
     * when the process is asked to end it closes under those who still have something to finish,
     * unless it is told to leave that to the pool (which it cannot while it serves others, too).
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
            throw new IllegalArgumentException(name + " must be a number", e);
        }
    }

    private static boolean flag(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("a flag must be true or false");
        };
    }

    private static SecretKeys readKey(String file) {
        try {
            byte[] key = decode(Files.readString(Path.of(file)).strip());
            return SecretKeys.of(
                    Path.of(file).getFileName().toString(), new SecretKeySpec(key, "AES"));
        } catch (IOException e) {
            throw new UncheckedIOException("secret-key-file cannot be read", e);
        }
    }

    /** The id is another for each key, and tells nothing of it. */
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
            // Its own words may quote the key.
            throw new IllegalArgumentException("a secret key must be base64");
        }
    }
}
