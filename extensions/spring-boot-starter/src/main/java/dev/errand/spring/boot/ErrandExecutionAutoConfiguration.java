package dev.errand.spring.boot;

import dev.errand.Errand;
import dev.errand.dispatch.DispatchListener;
import dev.errand.dispatch.DispatchOptions;
import dev.errand.dispatch.Dispatcher;
import dev.errand.dispatch.WorkHandler;
import dev.errand.dispatch.WorkerPool;
import dev.errand.micrometer.ErrandMeters;
import dev.errand.micrometer.ErrandObservations;
import dev.errand.retention.Housekeeper;
import dev.errand.retention.HousekeepingListener;
import dev.errand.retention.RetentionPolicy;
import dev.errand.spi.sandbox.SandboxLauncher;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What works in the background: a dispatcher if the host has a launcher, a worker pool if it has a
 * handler, and a housekeeper.
 */
@AutoConfiguration(after = {ErrandAutoConfiguration.class, ErrandMetricsAutoConfiguration.class})
@ConditionalOnBean(Errand.class)
class ErrandExecutionAutoConfiguration {

    /** Execution in sandboxes. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBean(SandboxLauncher.class)
    @ConditionalOnProperty(name = "errand.dispatcher.enabled", matchIfMissing = true)
    static class DispatcherConfiguration {

        @Bean
        @ConditionalOnMissingBean
        DispatchOptions errandDispatchOptions(ErrandProperties properties) {
            ErrandProperties.Dispatcher dispatcher = properties.dispatcher();
            DispatchOptions options =
                    DispatchOptions.of(node(dispatcher.node()))
                            .withSlots(dispatcher.slots())
                            .withLeaseDuration(dispatcher.leaseDuration())
                            .withPollInterval(dispatcher.pollInterval());
            URI apiUrl =
                    Optional.ofNullable(dispatcher.apiUrl()).orElse(properties.http().publicUrl());
            return apiUrl == null ? options : options.withApiUrl(apiUrl);
        }

        @Bean
        @ConditionalOnMissingBean
        Dispatcher errandDispatcher(
                Errand errand,
                SandboxLauncher launcher,
                DispatchOptions options,
                ObjectProvider<DispatchListener> listeners,
                ObjectProvider<ErrandObservations> observations,
                ObjectProvider<ErrandMeters> meters) {
            ErrandObservations observer = observations.getIfAvailable();
            Dispatcher dispatcher =
                    errand.dispatcher(
                            observer == null ? launcher : observer.observing(launcher),
                            options,
                            listeners.orderedStream().toArray(DispatchListener[]::new));
            meters.ifAvailable(
                    it -> it.watchDispatcher(options.node(), dispatcher::supervisedRuns));
            return dispatcher;
        }

        @Bean
        @ConditionalOnMissingBean(name = "errandDispatcherLifecycle")
        BackgroundWork errandDispatcherLifecycle(Dispatcher dispatcher) {
            return new BackgroundWork(dispatcher::start, dispatcher::stop);
        }
    }

    /** Execution in this process. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBean(WorkHandler.class)
    @ConditionalOnProperty(name = "errand.worker.enabled", matchIfMissing = true)
    static class WorkerConfiguration {

        @Bean
        @ConditionalOnMissingBean
        WorkerPool errandWorkerPool(
                Errand errand,
                WorkHandler handler,
                ErrandProperties properties,
                ObjectProvider<DispatchListener> listeners,
                ObjectProvider<Dispatcher> dispatchers) {
            if (dispatchers.getIfAvailable() != null) {
                throw new IllegalStateException(
                        "there is a bean of type SandboxLauncher and one of type WorkHandler, but only one of them can execute the runs; set errand.dispatcher.enabled=false or errand.worker.enabled=false");
            }
            ErrandProperties.Worker worker = properties.worker();
            WorkerPool.Builder builder =
                    errand.workerPool(handler)
                            .node(node(worker.node()))
                            .size(worker.size())
                            .leaseDuration(worker.leaseDuration())
                            .pollInterval(worker.pollInterval())
                            .gracePeriod(worker.gracePeriod());
            Duration timeLimit = worker.timeLimit();
            if (timeLimit != null) {
                builder.timeLimit(timeLimit);
            }
            listeners.orderedStream().forEach(builder::listener);
            return builder.build();
        }

        @Bean
        @ConditionalOnMissingBean(name = "errandWorkerPoolLifecycle")
        BackgroundWork errandWorkerPoolLifecycle(WorkerPool pool) {
            return new BackgroundWork(pool::start, pool::stop);
        }
    }

    /** Erasure of data. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "errand.housekeeping.enabled", matchIfMissing = true)
    static class HousekeepingConfiguration {

        @Bean
        @ConditionalOnMissingBean
        RetentionPolicy errandRetentionPolicy(ErrandProperties properties) {
            ErrandProperties.Housekeeping housekeeping = properties.housekeeping();
            return new RetentionPolicy(
                    housekeeping.deletedTasks(),
                    housekeeping.endedTasks(),
                    Optional.ofNullable(housekeeping.logs()));
        }

        @Bean
        @ConditionalOnMissingBean
        Housekeeper errandHousekeeper(
                Errand errand,
                RetentionPolicy policy,
                ObjectProvider<HousekeepingListener> listeners) {
            return errand.housekeeper(
                    policy, listeners.orderedStream().toArray(HousekeepingListener[]::new));
        }

        @Bean
        @ConditionalOnMissingBean(name = "errandHousekeeperLifecycle")
        BackgroundWork errandHousekeeperLifecycle(
                Housekeeper housekeeper, ErrandProperties properties) {
            Duration interval = properties.housekeeping().interval();
            return new BackgroundWork(() -> housekeeper.start(interval), housekeeper::stop);
        }
    }

    private static String node(@Nullable String configured) {
        return configured == null ? "spring-" + UUID.randomUUID() : configured;
    }
}
