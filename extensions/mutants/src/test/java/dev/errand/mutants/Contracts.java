package dev.errand.mutants;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedClass;

import dev.errand.mutants.Mutant.Part;
import dev.errand.spi.artifact.EmbeddedObjectStore;
import dev.errand.spi.artifact.StagingStore;
import dev.errand.spi.dispatch.RunQueue;
import dev.errand.spi.dispatch.SandboxLauncher;
import dev.errand.spi.run.RunLog;
import dev.errand.spi.run.RunStore;
import dev.errand.spi.run.SecretStore;
import dev.errand.spi.task.TaskStore;
import dev.errand.tck.StorageContracts;
import dev.errand.tck.engine.DispatchContracts;
import dev.errand.tck.engine.EngineContracts;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.platform.engine.DiscoverySelector;

/** Which contracts there are, and which are played against what. */
final class Contracts {

    private static final List<Class<?>> OBJECTS = List.of(BrokenObjects.class);
    private static final List<Class<?>> DISPATCH =
            List.of(
                    DispatchContracts.Protocol.class,
                    DispatchContracts.Cancelling.class,
                    DispatchContracts.LauncherFaults.class,
                    DispatchContracts.Deadlines.class,
                    DispatchContracts.Describing.class,
                    DispatchContracts.SwiftSandboxes.class);

    /** Those that say the most of a port come first; every other port is whole. */
    private static final Map<Class<?>, List<Class<?>>> OF_PORT =
            Map.of(
                    TaskStore.class,
                    List.of(
                            StorageContracts.Tasks.class,
                            StorageContracts.TaskLists.class,
                            StorageContracts.TaskSummaries.class,
                            StorageContracts.Work.class,
                            StorageContracts.Model.class),
                    RunStore.class,
                    List.of(
                            StorageContracts.Runs.class,
                            StorageContracts.RunChanges.class,
                            StorageContracts.Model.class),
                    RunQueue.class,
                    List.of(
                            StorageContracts.Queue.class,
                            StorageContracts.Work.class,
                            StorageContracts.ClaimLimits.class,
                            StorageContracts.RunChanges.class,
                            StorageContracts.Model.class),
                    RunLog.class,
                    List.of(StorageContracts.Log.class),
                    SecretStore.class,
                    List.of(StorageContracts.Secrets.class),
                    StagingStore.class,
                    List.of(StorageContracts.Staging.class, StorageContracts.Runs.class),
                    EmbeddedObjectStore.class,
                    OBJECTS,
                    SandboxLauncher.class,
                    DISPATCH);

    /** Those that say the most of the rules on one method of a port. */
    private static final Map<String, List<Class<?>>> OF_RULE =
            Map.of(
                    "RunStore.advance",
                    List.of(
                            EngineContracts.RunProgress.class,
                            EngineContracts.Resume.class,
                            EngineContracts.RunStatus.class,
                            EngineContracts.RunTask.class,
                            DispatchContracts.Cancelling.class,
                            DispatchContracts.Protocol.class),
                    "RunStore.insert",
                    List.of(
                            EngineContracts.RunTask.class,
                            EngineContracts.Repeated.class,
                            EngineContracts.Staging.class,
                            EngineContracts.RuntimeSelection.class,
                            EngineContracts.Authorship.class,
                            EngineContracts.Resume.class,
                            DispatchContracts.Deadlines.class),
                    "RunQueue.settle",
                    List.of(EngineContracts.Worker.class),
                    "StagingStore.stage",
                    List.of(EngineContracts.Staging.class),
                    "StagingStore.reserve",
                    List.of(EngineContracts.Staging.class),
                    "TaskStore.advance",
                    List.of(EngineContracts.TaskDeletion.class),
                    "RunStore.list",
                    List.of(EngineContracts.Guarded.class, EngineContracts.Run.class),
                    "TaskStore.list",
                    List.of(EngineContracts.TaskList.class, EngineContracts.Guarded.class),
                    "TaskStore.find",
                    List.of(EngineContracts.Task.class, EngineContracts.Guarded.class));

    private Contracts() {}

    /** Those that are known to be about it, in the order in which they are played. */
    static List<Class<?>> about(Mutant mutant) {
        return switch (mutant.part()) {
            case PORT -> OF_PORT.get(mutant.port());
            case RULE -> OF_RULE.get(mutant.port().getSimpleName() + "." + mutant.method());
            case DISPATCHER -> DISPATCH;
        };
    }

    /** All that are played on what is broken, whether they are about it or not. */
    static List<Class<?>> against(Mutant mutant) {
        List<Class<?>> about = about(mutant);
        if (mutant.part() == Part.RULE) {
            return Stream.concat(nested(EngineContracts.class), DISPATCH.stream()).toList();
        }
        return about == DISPATCH || about == OBJECTS
                ? about
                : nested(StorageContracts.class).toList();
    }

    /** Every contract. */
    static List<Class<?>> all() {
        return Stream.of(
                        nested(StorageContracts.class),
                        OBJECTS.stream(),
                        nested(EngineContracts.class),
                        DISPATCH.stream())
                .<Class<?>>flatMap(some -> some)
                .toList();
    }

    private static Stream<Class<?>> nested(Class<?> contracts) {
        return Arrays.<Class<?>>stream(contracts.getDeclaredClasses())
                .sorted(Comparator.comparing(Class::getSimpleName));
    }

    /** How JUnit finds one. */
    static DiscoverySelector selecting(Class<?> contract) {
        Class<?> all = contract.getEnclosingClass();
        if (all == null) {
            return selectClass(contract);
        }
        Class<?> broken =
                all == StorageContracts.class
                        ? BrokenStorage.class
                        : all == EngineContracts.class
                                ? BrokenOperations.class
                                : BrokenDispatch.class;
        return selectNestedClass(List.of(broken), contract);
    }

    /** What it is called where it is published. */
    static String nameOf(Class<?> contract) {
        return contract.getSuperclass().getSimpleName();
    }
}
