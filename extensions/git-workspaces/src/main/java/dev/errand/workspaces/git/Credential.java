package dev.errand.workspaces.git;

import dev.errand.spi.Secret;

/**
 * A user name and password for the server of a repository.
 *
 * @param location the repository; the password is given to its server only
 * @param user the user name
 * @param password the password
 */
record Credential(RepositoryLocation location, String user, Secret password) {

    /** Returns an identifier of the credential that does not reveal the password. */
    String fingerprint() {
        return Texts.digest(user + "\n" + password.reveal());
    }
}
