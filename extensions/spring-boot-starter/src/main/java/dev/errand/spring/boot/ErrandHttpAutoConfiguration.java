package dev.errand.spring.boot;

import dev.errand.Errand;
import dev.errand.http.Authenticator;
import dev.errand.http.ErrandServlet;
import dev.errand.http.LogLinks;
import dev.errand.spi.artifact.LocalObjectStore;
import dev.errand.spi.store.Backend;
import jakarta.servlet.http.HttpServlet;
import java.net.URI;
import java.util.Objects;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;

/** The Tasks API as a servlet of the host. */
@AutoConfiguration(after = {ErrandAutoConfiguration.class, ErrandSecurityAutoConfiguration.class})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(HttpServlet.class)
@ConditionalOnProperty(name = "errand.http.enabled", matchIfMissing = true)
@ConditionalOnBean(Errand.class)
class ErrandHttpAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnProperty("errand.http.public-url")
    LogLinks errandLogLinks(ErrandProperties properties, ErrandKeys keys, Backend backend) {
        URI publicUrl = Objects.requireNonNull(properties.http().publicUrl());
        return LogLinks.of(publicUrl, keys.logLinks(), backend.clock());
    }

    @Bean
    @ConditionalOnMissingBean
    ErrandServlet errandServlet(
            Errand errand,
            ErrandProperties properties,
            ObjectProvider<Authenticator> authenticators,
            ObjectProvider<LocalObjectStore> objects,
            ObjectProvider<LogLinks> logLinks,
            ObjectProvider<ErrandServletCustomizer> customizers) {
        Authenticator authenticator = authenticators.getIfAvailable();
        if (authenticator == null) {
            throw new IllegalStateException(
                    "define a bean of type CallerMapper if Spring Security authenticates the users of Errand's API, or else a bean of type Authenticator; or set errand.http.enabled=false");
        }
        ErrandServlet.Builder builder = ErrandServlet.builder(errand, authenticator);
        URI publicUrl = properties.http().publicUrl();
        if (publicUrl != null) {
            builder.publicUrl(publicUrl);
        }
        objects.ifUnique(builder::objects);
        logLinks.ifAvailable(builder::logLinks);
        customizers.orderedStream().forEach(it -> it.customize(builder));
        return builder.build();
    }

    @Bean
    @ConditionalOnMissingBean(name = "errandServletRegistration")
    ServletRegistrationBean<ErrandServlet> errandServletRegistration(
            ErrandServlet servlet, ErrandProperties properties) {
        ServletRegistrationBean<ErrandServlet> registration =
                new ServletRegistrationBean<>(servlet, properties.http().path() + "/*");
        registration.setName("errand");
        return registration;
    }

    /** Ends the event streams before the web server waits for running requests. */
    @Bean
    @ConditionalOnMissingBean(name = "errandStreamsLifecycle")
    BackgroundWork errandStreamsLifecycle(ErrandServlet servlet) {
        return new BackgroundWork(servlet::openStreams, servlet::closeStreams);
    }
}
