package dev.errand.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * How a server opens its database; for a backend that has one.
 *
 * @param user whom it logs in as; empty where the URL says so, or nobody need
 * @param passwordFile the file whose first line is the password; the password itself is held
 *     nowhere
 * @param migrate whether missing tables are made, and old ones changed, at the start
 */
public record DatabaseOptions(Optional<String> user, Optional<Path> passwordFile, boolean migrate) {

    /** Nobody logs in, nothing is changed. */
    public static final DatabaseOptions NONE =
            new DatabaseOptions(Optional.empty(), Optional.empty(), false);

    /** Refuses null. */
    public DatabaseOptions {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(passwordFile, "passwordFile");
    }

    /** These options with a user and the file with its password. */
    public DatabaseOptions withLogin(String changed, Path changedFile) {
        return new DatabaseOptions(Optional.of(changed), Optional.of(changedFile), migrate);
    }

    /** These options with migrations or without. */
    public DatabaseOptions withMigrate(boolean changed) {
        return new DatabaseOptions(user, passwordFile, changed);
    }

    /**
     * Reads the password.
     *
     * @throws InvalidOptions if there is a file and it cannot be read
     */
    Optional<String> readPassword() {
        return passwordFile.map(DatabaseOptions::firstLine);
    }

    private static String firstLine(Path file) {
        try {
            return Files.readString(file).lines().findFirst().orElse("");
        } catch (IOException unreadable) {
            throw InvalidOptions.because(
                    "--db-password-file: %s cannot be read, %s"
                            .formatted(file, unreadable.getClass().getSimpleName()));
        }
    }
}
