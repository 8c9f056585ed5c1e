package dev.errand.spring.boot;

import dev.errand.spi.ProjectScope;
import dev.errand.spi.store.Backend;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Whether the storage responds, for Spring Boot 4. */
final class Boot4HealthIndicator extends AbstractHealthIndicator {

    private final Backend backend;

    Boot4HealthIndicator(Backend backend) {
        super("the storage of Errand does not respond");
        this.backend = backend;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        backend.queue().nextDue(ProjectScope.everyProject());
        builder.up();
    }
}
