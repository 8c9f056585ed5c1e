package dev.errand.server;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The part of the command line that says where a server keeps what it is told. */
final class StorageArguments {

    private static final String DATABASE = "jdbc:";

    @Option(
            names = "--backend",
            paramLabel = "URL",
            description =
                    "storage of tasks and runs: memory:, jdbc:postgresql://HOST/DATABASE or"
                            + " jdbc:h2:file:/PATH; memory:")
    private String backend = ServerOptions.DEFAULT.backend();

    @Option(
            names = "--db-user",
            paramLabel = "NAME",
            description = "whom to log in to the database as")
    private String user;

    @Option(
            names = "--db-password-file",
            paramLabel = "FILE",
            description = "file whose first line is the database's password")
    private Path passwordFile;

    @Option(
            names = "--migrate",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description =
                    "at the start, make the tables that are missing and change those of"
                            + " earlier versions; false")
    private boolean migrate;

    @Option(
            names = "--objects",
            paramLabel = "memory:|file:DIR",
            converter = ObjectsConverter.class,
            description = "storage of artifacts; ${DEFAULT-VALUE}")
    private ObjectsLocation objects = ServerOptions.DEFAULT.objects();

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description =
                    "what signs links and tokens and encrypts secrets, made if there is"
                            + " none; beside the database of jdbc:h2:file:, needed for"
                            + " PostgreSQL, and new keys at each start for memory:")
    private Path keyFile;

    @Option(
            names = "--directory",
            paramLabel = "FILE",
            description = "JSON file with projects, users and tokens")
    private Path directory;

    String backend() {
        return backend;
    }

    DatabaseOptions database() {
        return new DatabaseOptions(
                Optional.ofNullable(user), Optional.ofNullable(passwordFile), migrate);
    }

    ObjectsLocation objects() {
        return objects;
    }

    Optional<Path> keyFile() {
        return Optional.ofNullable(keyFile);
    }

    Optional<Path> directory() {
        return Optional.ofNullable(directory);
    }

    /** An option that was given and makes sense together with a database only, where is none. */
    Optional<String> optionWithoutDatabase() {
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
