package dev.errand.server;

import dev.errand.micrometer.ErrandMeters;
import dev.errand.process.ProcessLauncher;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.store.Backend;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.stream.Stream;

/** The meters of one server: those of Errand and of the JVM. Thread-safe. */
final class ServerMeters implements AutoCloseable {

    static final String UNDELETED = "errand.undeleted.directories";

    /** Histogram buckets up to the default launch retry window. */
    private static final double[] LAUNCH_TIMES_IN_NANOS =
            Stream.of(10, 50, 100, 500, 1_000, 5_000, 30_000, 60_000, 300_000, 900_000)
                    .mapToDouble(millis -> Duration.ofMillis(millis).toNanos())
                    .toArray();

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final ErrandMeters errand;

    ServerMeters(Backend backend) {
        registry.config().meterFilter(new LaunchTimes());
        errand = new ErrandMeters(registry);
        errand.watchQueue(backend, ProjectScope.everyProject(), backend.clock());
        collections.bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
    }

    /** Returns the listener that records Errand's meters. */
    ErrandMeters errand() {
        return errand;
    }

    /** Adds the gauge of the directories that a launcher could not delete. */
    void watchSandboxes(ProcessLauncher launcher) {
        Gauge.builder(UNDELETED, () -> launcher.status().undeletedDirectories())
                .description("directories of sandboxes that could not be deleted so far")
                .register(registry);
    }

    /** Returns all meters in Prometheus' text format. */
    String text() {
        return registry.scrape();
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }

    /**
     * Adds histogram buckets, since alerts need the share of slow launches rather than the mean.
     */
    private static final class LaunchTimes implements MeterFilter {
        @Override
        public DistributionStatisticConfig configure(
                Meter.Id id, DistributionStatisticConfig config) {
            return id.getName().equals(ErrandMeters.TIME_TO_LAUNCH)
                    ? DistributionStatisticConfig.builder()
                            .serviceLevelObjectives(LAUNCH_TIMES_IN_NANOS)
                            .build()
                            .merge(config)
                    : config;
        }
    }
}
