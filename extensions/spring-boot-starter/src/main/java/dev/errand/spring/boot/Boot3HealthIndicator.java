package dev.errand.spring.boot;

import dev.errand.spi.ProjectScope;
import dev.errand.spi.store.Backend;
import org.springframework.boot.actuate.health.AbstractHealthIndicator;
import org.springframework.boot.actuate.health.Health;

/** Whether the storage responds, for Spring Boot 3. */
final class Boot3HealthIndicator extends AbstractHealthIndicator {

    private final Backend backend;

    Boot3HealthIndicator(Backend backend) {
        super("the storage of Errand does not respond");
        this.backend = backend;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        backend.queue().nextDue(ProjectScope.everyProject());
        builder.up();
    }
}
