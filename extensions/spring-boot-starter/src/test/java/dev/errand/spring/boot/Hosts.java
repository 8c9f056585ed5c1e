package dev.errand.spring.boot;

import dev.errand.memory.InMemoryBackend;
import dev.errand.spi.store.Backend;
import java.time.Clock;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

/** Hosts with storage in memory, so that each test needs milliseconds. */
final class Hosts {

    static final AutoConfigurations ERRAND =
            AutoConfigurations.of(
                    ErrandJdbcAutoConfiguration.class,
                    ErrandAutoConfiguration.class,
                    ErrandSecurityAutoConfiguration.class,
                    ErrandHttpAutoConfiguration.class,
                    ErrandMetricsAutoConfiguration.class,
                    ErrandExecutionAutoConfiguration.class,
                    ErrandActuatorAutoConfiguration.class);

    static final String[] PROPERTIES = {
        "errand.key=a key of a host, for tests only ....",
        "errand.projects.1=Acme Mobile App",
        "errand.objects.directory=target/objects",
        "errand.housekeeping.deleted-tasks=10d"
    };

    private Hosts() {}

    static ApplicationContextRunner plain() {
        return new ApplicationContextRunner()
                .withConfiguration(ERRAND)
                .withPropertyValues(PROPERTIES)
                .withBean(Backend.class, () -> InMemoryBackend.create(Clock.systemUTC()));
    }

    static WebApplicationContextRunner web() {
        return new WebApplicationContextRunner()
                .withConfiguration(ERRAND)
                .withPropertyValues(PROPERTIES)
                .withBean(Backend.class, () -> InMemoryBackend.create(Clock.systemUTC()));
    }
}
