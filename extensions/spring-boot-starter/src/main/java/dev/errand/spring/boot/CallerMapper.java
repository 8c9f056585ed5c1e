package dev.errand.spring.boot;

import dev.errand.access.Caller;
import java.util.Optional;
import org.springframework.security.core.Authentication;

/**
 * Says which {@link Caller} an authenticated user of the host is: the user's id, and the projects
 * and operations that are allowed (docs/wire/authentication.md#c1). A host that uses Spring
 * Security defines one bean of this type. It is called once for each request, so it must be fast
 * and thread-safe.
 */
@FunctionalInterface
public interface CallerMapper {

    /**
     * Returns the caller, or empty if the user has no access to Errand; the response is then 401.
     *
     * @param authentication an authenticated user, never anonymous
     */
    Optional<Caller> callerOf(Authentication authentication);
}
