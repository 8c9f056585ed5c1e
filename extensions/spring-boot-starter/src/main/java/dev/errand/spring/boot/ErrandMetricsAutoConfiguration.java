package dev.errand.spring.boot;

import dev.errand.Errand;
import dev.errand.micrometer.ErrandMeters;
import dev.errand.micrometer.ErrandObservations;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.store.Backend;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Meters and observations in the registries of the host (docs/operations.md#metrics). */
@AutoConfiguration(
        after = ErrandAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.observation.ObservationAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration"
        })
@ConditionalOnBean(Errand.class)
class ErrandMetricsAutoConfiguration {

    /** Is a listener of runs, of the dispatcher or worker pool, and of the housekeeper. */
    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnBean(MeterRegistry.class)
    ErrandMeters errandMeters(MeterRegistry registry, Backend backend) {
        return new ErrandMeters(registry)
                .watchQueue(backend, ProjectScope.everyProject(), backend.clock());
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnBean(ObservationRegistry.class)
    ErrandObservations errandObservations(ObservationRegistry registry) {
        return new ErrandObservations(registry);
    }
}
