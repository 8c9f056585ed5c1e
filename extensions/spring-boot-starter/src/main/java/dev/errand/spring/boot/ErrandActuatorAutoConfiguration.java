package dev.errand.spring.boot;

import dev.errand.Errand;
import dev.errand.dispatch.Dispatcher;
import dev.errand.dispatch.WorkerPool;
import dev.errand.spi.store.Backend;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The actuator endpoint and the health indicator. The types of health indicators are in another
 * package in each generation of Spring Boot.
 */
@AutoConfiguration(after = ErrandExecutionAutoConfiguration.class)
@ConditionalOnBean(Errand.class)
class ErrandActuatorAutoConfiguration {

    /** The endpoint. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
    static class EndpointConfiguration {

        @Bean
        @ConditionalOnMissingBean
        @ConditionalOnAvailableEndpoint
        ErrandEndpoint errandEndpoint(
                Errand errand,
                Backend backend,
                ObjectProvider<Dispatcher> dispatcher,
                ObjectProvider<WorkerPool> pool) {
            return new ErrandEndpoint(errand, backend, dispatcher, pool);
        }
    }

    /** Health for Spring Boot 3. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(
            org.springframework.boot.actuate.autoconfigure.health
                    .ConditionalOnEnabledHealthIndicator.class)
    static class Boot3HealthConfiguration {

        @Bean
        @ConditionalOnMissingBean(name = "errandHealthIndicator")
        @org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator(
                "errand")
        Boot3HealthIndicator errandHealthIndicator(Backend backend) {
            return new Boot3HealthIndicator(backend);
        }
    }

    /** Health for Spring Boot 4. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(
            org.springframework.boot.health.autoconfigure.contributor
                    .ConditionalOnEnabledHealthIndicator.class)
    static class Boot4HealthConfiguration {

        @Bean
        @ConditionalOnMissingBean(name = "errandHealthIndicator")
        @org.springframework.boot.health.autoconfigure.contributor
                        .ConditionalOnEnabledHealthIndicator(
                "errand")
        Boot4HealthIndicator errandHealthIndicator(Backend backend) {
            return new Boot4HealthIndicator(backend);
        }
    }
}
