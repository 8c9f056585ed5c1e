package dev.errand.spring.boot;

import dev.errand.Errand;
import dev.errand.access.SandboxTokens;
import dev.errand.error.AuthenticationException;
import dev.errand.http.Authenticator;
import dev.errand.spi.artifact.LocalObjectStore;
import dev.errand.wire.ErrorBody;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;

/**
 * Security of the API beside that of the host: two filter chains for the path of the API, before
 * those of the host, which keep their order and their defaults. The servlet makes the decision: a
 * request that no chain authenticates gets the response 401 of docs/wire/authentication.md#c2.
 */
@AutoConfiguration(
        after = ErrandAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.autoconfigure.security.servlet.SecurityAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.security.servlet.ManagementWebSecurityAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration"
        })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({SecurityFilterChain.class, HttpSecurity.class})
@ConditionalOnProperty(name = "errand.http.enabled", matchIfMissing = true)
@ConditionalOnBean({Errand.class, HttpSecurity.class})
class ErrandSecurityAutoConfiguration {

    private static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 100;

    /** The path segments below which the signature in the request is the credential. */
    private static final List<String> SIGNED = List.of('/' + LocalObjectStore.PATH, "/_logs");

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnBean(CallerMapper.class)
    Authenticator errandAuthenticator(CallerMapper mapper) {
        return request ->
                Optional.ofNullable(SecurityContextHolder.getContext().getAuthentication())
                        .filter(Authentication::isAuthenticated)
                        .filter(it -> !(it instanceof AnonymousAuthenticationToken))
                        .flatMap(mapper::callerOf);
    }

    /**
     * Requests whose credentials only Errand can verify: sandbox tokens, signed forms and links.
     */
    @Bean
    @Order(ORDER)
    @ConditionalOnMissingBean(name = "errandCredentialsFilterChain")
    SecurityFilterChain errandCredentialsFilterChain(HttpSecurity http, ErrandProperties properties)
            throws Exception {
        String path = properties.http().path();
        return stateless(http)
                .securityMatcher(request -> isBelow(path, request) && hasErrandCredentials(request))
                .build();
    }

    /** All other requests to the API, which the host authenticates. */
    @Bean
    @Order(ORDER + 1)
    @ConditionalOnMissingBean(name = "errandApiFilterChain")
    SecurityFilterChain errandApiFilterChain(
            HttpSecurity http,
            ErrandProperties properties,
            ObjectProvider<ErrandSecurityCustomizer> customizers)
            throws Exception {
        String path = properties.http().path();
        stateless(http).securityMatcher(request -> isBelow(path, request));
        List<ErrandSecurityCustomizer> all = customizers.orderedStream().toList();
        if (all.isEmpty()) {
            http.httpBasic(it -> it.authenticationEntryPoint(unauthenticated()));
        }
        for (ErrandSecurityCustomizer customizer : all) {
            customizer.customize(http);
        }
        return http.build();
    }

    /**
     * There are no sessions, and therefore no CSRF tokens. The API is for programs: a browser that
     * has stored a password for HTTP Basic would send it with forged requests too.
     */
    private static HttpSecurity stateless(HttpSecurity http) throws Exception {
        return http.csrf(AbstractHttpConfigurer::disable)
                .sessionManagement(it -> it.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable);
    }

    /** The container has decided which servlet a request is for, so both agree on the path. */
    private static boolean isBelow(String path, HttpServletRequest request) {
        return request.getServletPath().equals(path);
    }

    private static boolean hasErrandCredentials(HttpServletRequest request) {
        String path = Optional.ofNullable(request.getPathInfo()).orElse("");
        return SIGNED.stream().anyMatch(it -> path.equals(it) || path.startsWith(it + '/'))
                || Authenticator.bearerToken(request)
                        .filter(it -> it.startsWith(SandboxTokens.PREFIX))
                        .isPresent();
    }

    private static AuthenticationEntryPoint unauthenticated() {
        return (request, response, failure) -> {
            ErrorBody body = ErrorBody.of(AuthenticationException.invalidCredentials());
            response.setStatus(body.status());
            response.setHeader("WWW-Authenticate", "Basic realm=\"errand\"");
            response.setContentType("application/json");
            response.getOutputStream().write(body.toJson());
        };
    }
}
