package dev.errand.server;

import dev.errand.config.LogLimit;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The command line options for storage. */
final class StorageArguments {

    private static final String DATABASE = "jdbc:";
    private static final long MIB = 1024L * 1024;

    @Option(
            names = "--backend",
            paramLabel = "URL",
            description =
                    "Storage of tasks and runs: memory:, "
                            + "jdbc:postgresql://HOST/DATABASE or jdbc:h2:file:/PATH. "
                            + "Default: memory:.")
    private String backend = ServerOptions.DEFAULT.backend();

    @Option(names = "--db-user", paramLabel = "NAME", description = "Database user.")
    private @Nullable String user;

    @Option(
            names = "--db-password-file",
            paramLabel = "FILE",
            description = "File whose first line is the database password.")
    private @Nullable Path passwordFile;

    @Option(
            names = "--migrate",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Create or upgrade the database tables at startup. Default: " + "false.")
    private boolean migrate;

    @Option(
            names = "--objects",
            paramLabel = "memory:|file:DIR",
            converter = ObjectStoreLocationConverter.class,
            description = "Storage of artifacts. Default: ${DEFAULT-VALUE}.")
    private ObjectStoreLocation objects = ServerOptions.DEFAULT.objects();

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description =
                    "File with the secret that signs links and tokens and "
                            + "encrypts the secrets of runs; created if it does not exist. "
                            + "Required for PostgreSQL. Default: PATH.key for "
                            + "jdbc:h2:file:/PATH, new keys at each start for memory:.")
    private @Nullable Path keyFile;

    @Option(
            names = "--directory",
            paramLabel = "FILE",
            description = "JSON file that defines projects, users and tokens.")
    private @Nullable Path directory;

    @Option(
            names = "--max-log-entries",
            paramLabel = "N",
            description =
                    "Maximum number of entries in the log of a run. Further ones are dropped, which"
                            + " the log says. Default: 200000.")
    private long maxLogEntries = LogLimit.DEFAULT.maxEntries();

    @Option(
            names = "--max-log-mb",
            paramLabel = "N",
            description = "Maximum size of the log of a run in MiB. Default: 32.")
    private long maxLogSize = LogLimit.DEFAULT.maxBytes() / MIB;

    String backend() {
        return backend;
    }

    DatabaseOptions database() {
        return new DatabaseOptions(
                Optional.ofNullable(user), Optional.ofNullable(passwordFile), migrate);
    }

    ObjectStoreLocation objects() {
        return objects;
    }

    /**
     * Returns the limit of logs.
     *
     * @throws IllegalArgumentException if an option is invalid; the message begins with its name
     */
    LogLimit logLimit() {
        requirePositive("max-log-entries", maxLogEntries, Long.MAX_VALUE);
        requirePositive("max-log-mb", maxLogSize, Long.MAX_VALUE / MIB);
        return new LogLimit(maxLogEntries, maxLogSize * MIB);
    }

    private static void requirePositive(String option, long value, long max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(option + " must be 1 or more, not " + value);
        }
    }

    Optional<Path> keyFile() {
        return Optional.ofNullable(keyFile);
    }

    Optional<Path> directory() {
        return Optional.ofNullable(directory);
    }

    /** Returns a specified option that requires a database, if the backend has none. */
    Optional<String> optionThatRequiresDatabase() {
        if (backend.startsWith(DATABASE)) {
            return Optional.empty();
        }
        if (user != null) {
            return Optional.of("--db-user");
        }
        if (passwordFile != null) {
            return Optional.of("--db-password-file");
        }
        return migrate ? Optional.of("--migrate") : Optional.empty();
    }
}
