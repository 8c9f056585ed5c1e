package dev.errand.server;

import dev.errand.access.Caller;
import dev.errand.access.Scope;
import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.UserId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The tokens of a directory, stored as SHA-256 digests, and their callers. Thread-safe after the
 * last call of {@link #add}.
 */
final class TokenRegistry {

    private static final String PREFIX = "errand_key_";
    private static final int RANDOM_BYTES = 32;

    private final List<Key> keys = new ArrayList<>();

    private record Key(byte[] digest, Caller caller, ProjectId activeProject) {}

    /** Returns a new random token. */
    static Secret random() {
        byte[] bytes = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Secret.of(PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /**
     * Adds a token. Returns false if it exists already.
     *
     * @param projects the projects that the token may access, at least one; the first is the active
     *     project
     */
    boolean add(String token, UserId user, List<ProjectId> projects, Set<Scope> scopes) {
        byte[] digest = digest(token);
        if (keys.stream().anyMatch(key -> MessageDigest.isEqual(key.digest, digest))) {
            return false;
        }
        Caller caller = Caller.key(user, Set.copyOf(projects), scopes);
        keys.add(new Key(digest, caller, projects.get(0)));
        return true;
    }

    /** Returns the caller of a token. The time does not depend on whether the token is known. */
    Optional<Caller> find(String token) {
        byte[] digest = digest(token);
        Caller found = null;
        for (Key key : keys) {
            if (MessageDigest.isEqual(key.digest, digest)) {
                found = key.caller;
            }
        }
        return Optional.ofNullable(found);
    }

    /** Returns the project that {@code @current} denotes for a caller. */
    Optional<ProjectId> activeProject(Caller caller) {
        return keys.stream()
                .filter(key -> key.caller.equals(caller))
                .map(Key::activeProject)
                .findFirst();
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException everyPlatformHasIt) {
            throw new IllegalStateException("SHA-256 is not available", everyPlatformHasIt);
        }
    }
}
