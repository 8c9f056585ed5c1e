package dev.errand.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.http.Authenticator;
import dev.errand.http.ErrandServlet;
import dev.errand.http.LogLinks;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.security.servlet.SecurityAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/** The servlet and the filter chains of a host. The example host shows what they do. */
class ErrandHttpAutoConfigurationTest {

    private final WebApplicationContextRunner host =
            Hosts.web().withBean(Authenticator.class, () -> request -> Optional.empty());

    @Test
    void theServletIsRegisteredAtItsPath() {
        host.run(context -> assertThat(mapping(context)).containsExactly("/errand/*"));
        host.withPropertyValues("errand.http.path=/agents/api/")
                .run(context -> assertThat(mapping(context)).containsExactly("/agents/api/*"));
        host.withPropertyValues("errand.http.path=/")
                .run(context -> assertThat(mapping(context)).containsExactly("/*"));
        host.withPropertyValues("errand.http.path=errand")
                .run(
                        context ->
                                assertThat(context.getStartupFailure())
                                        .rootCause()
                                        .hasMessageContaining("errand.http.path"));
    }

    @Test
    void linksToLogsNeedThePublicUrl() {
        host.run(context -> assertThat(context).doesNotHaveBean(LogLinks.class));
        host.withPropertyValues("errand.http.public-url=https://example.com/errand")
                .run(context -> assertThat(context).hasSingleBean(LogLinks.class));
    }

    @Test
    void theApiCanBeSwitchedOff() {
        host.withPropertyValues("errand.http.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(ErrandServlet.class));
        Hosts.plain().run(context -> assertThat(context).doesNotHaveBean(ErrandServlet.class));
    }

    @Test
    void aHostThatDoesNotSayWhoCallsIsRefused() {
        Hosts.web()
                .run(
                        context ->
                                assertThat(context.getStartupFailure())
                                        .rootCause()
                                        .hasMessageContaining("CallerMapper"));
    }

    @Test
    void customizersChangeTheServlet() {
        boolean[] called = new boolean[1];
        host.withBean(ErrandServletCustomizer.class, () -> builder -> called[0] = true)
                .run(context -> assertThat(context).hasSingleBean(ErrandServlet.class));
        assertThat(called[0]).isTrue();
    }

    /** Spring Boot withdraws its chain if there is any other when it is configured. */
    @Test
    void theHostKeepsItsDefaultSecurity() {
        secured()
                .run(
                        context ->
                                assertThat(context.getBeansOfType(SecurityFilterChain.class))
                                        .containsOnlyKeys(
                                                "errandCredentialsFilterChain",
                                                "errandApiFilterChain",
                                                "defaultSecurityFilterChain"));
    }

    @Test
    void theHostCanReplaceBothChains() {
        secured()
                .withBean("errandApiFilterChain", SecurityFilterChain.class, Chain::new)
                .withBean("errandCredentialsFilterChain", SecurityFilterChain.class, Chain::new)
                .run(
                        context ->
                                assertThat(context.getBeansOfType(SecurityFilterChain.class))
                                        .hasSize(2)
                                        .allSatisfy(
                                                (name, chain) ->
                                                        assertThat(chain)
                                                                .isInstanceOf(Chain.class)));
    }

    @Test
    void theHostSaysHowUsersAuthenticate() {
        boolean[] called = new boolean[1];
        secured()
                .withBean(ErrandSecurityCustomizer.class, () -> http -> called[0] = true)
                .run(context -> assertThat(context).hasNotFailed());
        assertThat(called[0]).isTrue();
    }

    @Test
    void withoutSpringSecurityThereAreNoChains() {
        host.withClassLoader(new FilteredClassLoader(HttpSecurity.class, SecurityFilterChain.class))
                .run(
                        context ->
                                assertThat(context)
                                        .hasSingleBean(ErrandServlet.class)
                                        .doesNotHaveBean("errandApiFilterChain"));
    }

    private static WebApplicationContextRunner secured() {
        return Hosts.web()
                .withConfiguration(AutoConfigurations.of(SecurityAutoConfiguration.class))
                .withBean(CallerMapper.class, () -> user -> Optional.empty());
    }

    private static Iterable<String> mapping(
            org.springframework.boot.test.context.assertj.AssertableWebApplicationContext context) {
        ServletRegistrationBean<?> registration = context.getBean(ServletRegistrationBean.class);
        assertThat(registration.isAsyncSupported()).isTrue();
        assertThat(registration.getServlet()).isInstanceOf(ErrandServlet.class);
        return registration.getUrlMappings();
    }

    /** A chain of the host. */
    private static final class Chain implements SecurityFilterChain {
        @Override
        public boolean matches(jakarta.servlet.http.HttpServletRequest request) {
            return false;
        }

        @Override
        public java.util.List<jakarta.servlet.Filter> getFilters() {
            return java.util.List.of();
        }
    }
}
