package dev.errand.spi.project;

import dev.errand.spi.JsonText;
import dev.errand.spi.UserId;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * A user of the host (docs/wire/conventions.md#a6).
 *
 * @param id their id
 * @param uuid their stable UUID
 * @param distinctId their id in analytics
 * @param firstName may be empty
 * @param lastName may be empty
 * @param email may be empty
 * @param emailVerified whether the address was verified; empty if unknown
 * @param hedgehogConfig a setting of the user's profile at PostHog, passed through unchanged; empty
 *     if there is none
 * @param role their role in the organization; empty if unknown
 */
public record User(
        UserId id,
        UUID uuid,
        Optional<String> distinctId,
        String firstName,
        String lastName,
        String email,
        Optional<Boolean> emailVerified,
        Optional<JsonText> hedgehogConfig,
        Optional<OrganizationRole> role) {

    /** Rejects null components. */
    public User {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(uuid, "uuid");
        Objects.requireNonNull(distinctId, "distinctId");
        Objects.requireNonNull(firstName, "firstName");
        Objects.requireNonNull(lastName, "lastName");
        Objects.requireNonNull(email, "email");
        Objects.requireNonNull(emailVerified, "emailVerified");
        Objects.requireNonNull(hedgehogConfig, "hedgehogConfig");
        Objects.requireNonNull(role, "role");
    }

    /** Creates a user with the given values; the other components are empty. */
    public static User of(UserId id, UUID uuid, String firstName, String lastName, String email) {
        return new User(
                id,
                uuid,
                Optional.empty(),
                firstName,
                lastName,
                email,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
