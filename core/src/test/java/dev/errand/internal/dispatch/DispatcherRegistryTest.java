package dev.errand.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.dispatch.DispatchOptions;
import dev.errand.spi.run.RunId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DispatcherRegistryTest {

    private static final RunId RUN = RunId.of(new UUID(1, 1));
    private static final DispatchOptions FIRST = DispatchOptions.of("first");
    private static final DispatchOptions SECOND = DispatchOptions.of("second");

    private final DispatcherRegistry registry = new DispatcherRegistry();
    private final List<RunId> checkedByFirst = new ArrayList<>();
    private final List<RunId> checkedBySecond = new ArrayList<>();

    @Test
    void everyOpenDispatcherIsCalled() {
        DispatcherRegistry.Registration first =
                registry.register(checkedByFirst::add, Optional.of(FIRST));
        registry.register(checkedBySecond::add, Optional.of(SECOND));
        registry.check(RUN);
        first.close();
        registry.check(RUN);

        assertThat(checkedByFirst).containsExactly(RUN);
        assertThat(checkedBySecond).containsExactly(RUN, RUN);
    }

    @Test
    void theOptionsAreThoseOfTheLastOpenDispatcher() {
        assertThat(registry.options()).isEqualTo(DispatchOptions.of("default"));
        DispatcherRegistry.Registration first =
                registry.register(checkedByFirst::add, Optional.of(FIRST));
        DispatcherRegistry.Registration second =
                registry.register(checkedBySecond::add, Optional.of(SECOND));
        assertThat(registry.options()).isEqualTo(SECOND);

        second.close();
        assertThat(registry.options()).isEqualTo(FIRST);
        first.close();
        assertThat(registry.options()).isEqualTo(DispatchOptions.of("default"));
    }
}
