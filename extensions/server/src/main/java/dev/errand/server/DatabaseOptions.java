package dev.errand.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * How a server opens its database, if the backend has one.
 *
 * @param user the database user; empty if the URL names it or none is needed
 * @param passwordFile the file whose first line is the password
 * @param migrate whether missing tables are created and missing migrations applied at startup
 */
public record DatabaseOptions(Optional<String> user, Optional<Path> passwordFile, boolean migrate) {

    /** No user, no password, no migration. */
    public static final DatabaseOptions NONE =
            new DatabaseOptions(Optional.empty(), Optional.empty(), false);

    /** Requires non-null values. */
    public DatabaseOptions {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(passwordFile, "passwordFile");
    }

    /** Returns a copy with the given user and password file. */
    public DatabaseOptions withLogin(String changed, Path changedFile) {
        return new DatabaseOptions(Optional.of(changed), Optional.of(changedFile), migrate);
    }

    /** Returns a copy with migration enabled or disabled. */
    public DatabaseOptions withMigrate(boolean changed) {
        return new DatabaseOptions(user, passwordFile, changed);
    }

    /**
     * Reads the password.
     *
     * @throws InvalidOptionsException if the file cannot be read, or other users can read or change
     *     it
     */
    Optional<String> readPassword() {
        return passwordFile.map(DatabaseOptions::firstLine);
    }

    private static String firstLine(Path file) {
        try {
            ConfidentialFile.problem(file)
                    .ifPresent(
                            problem -> {
                                throw InvalidOptionsException.of(
                                        "--db-password-file: " + file + " " + problem);
                            });
            return Files.readString(file).lines().findFirst().orElse("");
        } catch (IOException unreadable) {
            throw InvalidOptionsException.of(
                    "--db-password-file: %s cannot be read, %s"
                            .formatted(file, unreadable.getClass().getSimpleName()));
        }
    }
}
