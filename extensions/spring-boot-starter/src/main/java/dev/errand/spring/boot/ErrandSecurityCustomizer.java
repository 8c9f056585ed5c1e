package dev.errand.spring.boot;

import org.springframework.security.config.annotation.web.builders.HttpSecurity;

/**
 * Says how users of the API authenticate, for example {@code http -> http.oauth2ResourceServer(it
 * -> it.jwt(withDefaults()))}. Without a bean of this type it is HTTP Basic, for clients that are
 * not browsers. It is called for the filter chain of the API only, which keeps no sessions and
 * checks no CSRF tokens.
 */
@FunctionalInterface
public interface ErrandSecurityCustomizer {

    /**
     * Changes the security of the API.
     *
     * @throws Exception if Spring Security rejects the configuration
     */
    void customize(HttpSecurity http) throws Exception;
}
