package dev.errand.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.artifact.LocalObjectStore;
import dev.errand.spi.artifact.ObjectStore;
import dev.errand.spi.sandbox.SandboxLauncher;
import dev.errand.spi.store.ConversationStore;
import dev.errand.spi.store.RetentionStore;
import dev.errand.spi.store.RunLog;
import dev.errand.spi.store.RunQueue;
import dev.errand.spi.store.RunStore;
import dev.errand.spi.store.SecretStore;
import dev.errand.spi.store.StagingStore;
import dev.errand.spi.store.TaskStore;
import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Checks that the mutants cover the contracts, the ports and the failure modes. */
class MutantsTest {

    private static final List<Class<?>> PORTS =
            List.of(
                    TaskStore.class,
                    RunStore.class,
                    RunQueue.class,
                    RunLog.class,
                    SecretStore.class,
                    RetentionStore.class,
                    ConversationStore.class,
                    StagingStore.class,
                    LocalObjectStore.class,
                    SandboxLauncher.class);

    /** {@link ContractMatrix} verifies that they are exclusive; this takes minutes. */
    @Test
    void everyContractHasAnExclusiveMutant() {
        assertThat(ExclusiveMutants.ALL).containsOnlyKeys(Contracts.all());
        assertThat(Mutants.all())
                .extracting(Mutant::toString)
                .containsAll(ExclusiveMutants.ALL.values());
    }

    @ParameterizedTest
    @EnumSource
    void everyPartHasManyMutants(Mutant.Part part) {
        assertThat(Mutants.all()).filteredOn(it -> it.part() == part).hasSizeGreaterThan(15);
    }

    @ParameterizedTest
    @EnumSource
    void everyFailureModeHasAtLeastFourMutants(FailureMode failureMode) {
        assertThat(Mutants.all())
                .filteredOn(it -> it.failureMode() == failureMode)
                .hasSizeGreaterThan(3);
    }

    @Test
    void everyMethodOfAPortExceptCloseHasAtLeastTwoMutants() {
        Stream<Method> methods =
                PORTS.stream()
                        .flatMap(port -> Stream.of(port.getMethods()))
                        .filter(method -> !method.getName().equals("close"));
        assertThat(methods)
                .isNotEmpty()
                .allSatisfy(
                        method ->
                                assertThat(Mutants.all())
                                        .filteredOn(it -> breaks(it, method))
                                        .hasSizeGreaterThan(1));
    }

    private static boolean breaks(Mutant mutant, Method method) {
        boolean ofObjects = method.getDeclaringClass() == ObjectStore.class;
        return mutant.part() == Mutant.Part.PORT
                && mutant.port()
                        == (ofObjects ? LocalObjectStore.class : method.getDeclaringClass())
                && mutant.method().equals(method.getName());
    }
}
