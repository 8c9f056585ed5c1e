package dev.errand.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.errand.dispatch.DispatchOptions;
import dev.errand.dispatch.Dispatcher;
import dev.errand.dispatch.WorkHandler;
import dev.errand.dispatch.WorkerPool;
import dev.errand.micrometer.ErrandMeters;
import dev.errand.micrometer.ErrandObservations;
import dev.errand.retention.Housekeeper;
import dev.errand.retention.RetentionPolicy;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.sandbox.SandboxLauncher;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What a host executes, measures and shows to operators. */
class ErrandExecutionAutoConfigurationTest {

    private final ApplicationContextRunner host = Hosts.plain();
    private final ApplicationContextRunner launching =
            host.withBean(SandboxLauncher.class, () -> unused(SandboxLauncher.class));
    private final ApplicationContextRunner working =
            host.withBean(
                    WorkHandler.class,
                    () ->
                            context ->
                                    UpdateRunRequest.builder().status(RunStatus.COMPLETED).build());

    @Test
    void aHostWithALauncherHasADispatcher() {
        launching
                .withPropertyValues(
                        "errand.dispatcher.node=node-7",
                        "errand.dispatcher.slots=3",
                        "errand.dispatcher.lease-duration=9s",
                        "errand.dispatcher.poll-interval=2s",
                        "errand.http.public-url=https://example.com/errand")
                .run(
                        context -> {
                            assertThat(context).hasSingleBean(Dispatcher.class);
                            DispatchOptions options = context.getBean(DispatchOptions.class);
                            assertThat(options)
                                    .isEqualTo(
                                            DispatchOptions.of("node-7")
                                                    .withSlots(3)
                                                    .withLeaseDuration(Duration.ofSeconds(9))
                                                    .withPollInterval(Duration.ofSeconds(2))
                                                    .withApiUrl(
                                                            URI.create(
                                                                    "https://example.com/errand")));
                        });
        launching
                .withPropertyValues("errand.dispatcher.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(Dispatcher.class));
    }

    @Test
    void theDispatcherStopsAndStartsAgain() {
        launching.run(
                context -> {
                    Dispatcher dispatcher = context.getBean(Dispatcher.class);
                    BackgroundWork lifecycle =
                            context.getBean("errandDispatcherLifecycle", BackgroundWork.class);
                    assertThat(lifecycle.isRunning()).isTrue();
                    assertThatThrownBy(dispatcher::start).hasMessageContaining("start");

                    context.stop();
                    assertThat(lifecycle.isRunning()).isFalse();
                    assertThat(dispatcher.runOnce()).isZero();

                    context.start();
                    assertThatThrownBy(dispatcher::runOnce)
                            .isInstanceOf(IllegalStateException.class);
                });
    }

    @Test
    void aHostWithAHandlerHasAWorkerPool() {
        working.withPropertyValues(
                        "errand.worker.node=node-7",
                        "errand.worker.size=2",
                        "errand.worker.time-limit=1m",
                        "errand.worker.grace-period=1s")
                .run(
                        context -> {
                            assertThat(context).hasSingleBean(WorkerPool.class);
                            assertThat(
                                            context.getBean(
                                                            "errandWorkerPoolLifecycle",
                                                            BackgroundWork.class)
                                                    .isRunning())
                                    .isTrue();
                        });
        working.withPropertyValues("errand.worker.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(WorkerPool.class));
    }

    @Test
    void aHostDecidesBetweenLauncherAndHandler() {
        ApplicationContextRunner both =
                working.withBean(SandboxLauncher.class, () -> unused(SandboxLauncher.class));
        both.run(
                context ->
                        assertThat(context.getStartupFailure())
                                .rootCause()
                                .hasMessageContaining("errand.worker.enabled=false"));
        both.withPropertyValues("errand.dispatcher.enabled=false")
                .run(context -> assertThat(context).hasSingleBean(WorkerPool.class));
    }

    @Test
    void theHousekeeperKeepsWhatThePropertiesSay() {
        host.withPropertyValues(
                        "errand.housekeeping.ended-tasks.completed=90d",
                        "errand.housekeeping.logs=1d")
                .run(
                        context -> {
                            assertThat(context).hasSingleBean(Housekeeper.class);
                            assertThat(context.getBean(RetentionPolicy.class))
                                    .isEqualTo(
                                            new RetentionPolicy(
                                                    Duration.ofDays(10),
                                                    Map.of(
                                                            RunStatus.COMPLETED,
                                                            Duration.ofDays(90)),
                                                    Optional.of(Duration.ofDays(1))));
                        });
        host.withPropertyValues("errand.housekeeping.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(Housekeeper.class));
    }

    @Test
    void metersAndObservationsNeedARegistry() {
        host.run(
                context ->
                        assertThat(context)
                                .doesNotHaveBean(ErrandMeters.class)
                                .doesNotHaveBean(ErrandObservations.class));
        launching
                .withPropertyValues("errand.dispatcher.node=node-7")
                .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .withBean(ObservationRegistry.class, ObservationRegistry::create)
                .run(
                        context -> {
                            assertThat(context).hasSingleBean(ErrandObservations.class);
                            MeterRegistry meters = context.getBean(MeterRegistry.class);
                            assertThat(meters.get(ErrandMeters.QUEUE_DEPTH).gauge().value())
                                    .isZero();
                            assertThat(
                                            meters.get(ErrandMeters.SUPERVISED)
                                                    .tag("node", "node-7")
                                                    .gauge()
                                                    .value())
                                    .isZero();
                        });
    }

    /** The class path of the tests has the types of both generations of Spring Boot. */
    @Test
    void healthIsThatOfTheStorage() {
        host.withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
                .run(
                        context ->
                                assertThat(
                                                context.getBean(Boot3HealthIndicator.class)
                                                        .health()
                                                        .getStatus()
                                                        .getCode())
                                        .isEqualTo("UP"));
        ApplicationContextRunner boot4 =
                host.withClassLoader(
                        new FilteredClassLoader(
                                "org.springframework.boot.actuate.health",
                                "org.springframework.boot.actuate.autoconfigure.health"));
        boot4.run(
                context ->
                        assertThat(
                                        context.getBean(Boot4HealthIndicator.class)
                                                .health()
                                                .getStatus()
                                                .getCode())
                                .isEqualTo("UP"));
        boot4.withPropertyValues("management.health.errand.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean("errandHealthIndicator"));
    }

    @Test
    void theEndpointIsThereIfItIsExposed() {
        host.run(context -> assertThat(context).doesNotHaveBean(ErrandEndpoint.class));
        working.withPropertyValues("management.endpoints.web.exposure.include=errand")
                .run(
                        context -> {
                            ErrandEndpoint endpoint = context.getBean(ErrandEndpoint.class);
                            assertThat(endpoint.queue())
                                    .containsEntry("waiting", 0L)
                                    .containsEntry("runningHandlers", 0);
                            assertThat(endpoint.run(1, "no id", "no id")).isNull();
                        });
    }

    /** An object that is passed on and never called. */
    private static <T> T unused(Class<T> type) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) -> {
                            if (method.getName().equals("close")
                                    || method.getDeclaringClass() == Object.class) {
                                return method.getName().equals("hashCode") ? (Object) 1 : null;
                            }
                            throw new AssertionError(method);
                        }));
    }
}
