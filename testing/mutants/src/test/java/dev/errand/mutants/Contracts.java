package dev.errand.mutants;

import static java.util.Map.entry;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedClass;

import dev.errand.spi.artifact.LocalObjectStore;
import dev.errand.spi.sandbox.SandboxLauncher;
import dev.errand.spi.store.ConversationStore;
import dev.errand.spi.store.RetentionStore;
import dev.errand.spi.store.RunLog;
import dev.errand.spi.store.RunQueue;
import dev.errand.spi.store.RunStore;
import dev.errand.spi.store.SecretStore;
import dev.errand.spi.store.StagingStore;
import dev.errand.spi.store.TaskStore;
import dev.errand.tck.StorageContracts;
import dev.errand.testing.engine.DispatchContracts;
import dev.errand.testing.engine.EngineContracts;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.platform.engine.DiscoverySelector;

/** All contracts, and the assignment of contracts to mutants. */
final class Contracts {

    private static final List<Class<?>> OBJECTS = List.of(ObjectStoreContractOnMutant.class);
    private static final List<Class<?>> LAUNCHERS = List.of(LauncherContractOnMutant.class);
    private static final List<Class<?>> DISPATCH =
            List.of(
                    DispatchContracts.Protocol.class,
                    DispatchContracts.Cancellation.class,
                    DispatchContracts.Restarts.class,
                    DispatchContracts.LauncherFaults.class,
                    DispatchContracts.Deadlines.class,
                    DispatchContracts.Description.class,
                    DispatchContracts.SwiftSandboxes.class,
                    DispatchContracts.WorkerPools.class);

    private static final Set<Class<?>> OUTSIDE_OF_STORAGE =
            Set.of(LocalObjectStore.class, SandboxLauncher.class);

    /** The contracts of a port, the most specific first. */
    private static final Map<Class<?>, List<Class<?>>> OF_PORT =
            Map.of(
                    TaskStore.class,
                    List.of(
                            StorageContracts.Tasks.class,
                            StorageContracts.Idempotency.class,
                            StorageContracts.TaskLists.class,
                            StorageContracts.TaskSummaries.class,
                            StorageContracts.Work.class,
                            StorageContracts.Model.class),
                    RunStore.class,
                    List.of(
                            StorageContracts.Runs.class,
                            StorageContracts.Idempotency.class,
                            StorageContracts.Consumption.class,
                            StorageContracts.RunChanges.class,
                            StorageContracts.GuardedChanges.class,
                            StorageContracts.Retention.class,
                            StorageContracts.Model.class),
                    RunQueue.class,
                    List.of(
                            StorageContracts.Queue.class,
                            StorageContracts.Leases.class,
                            StorageContracts.Work.class,
                            StorageContracts.ConcurrencyLimits.class,
                            StorageContracts.Depth.class,
                            StorageContracts.Heartbeat.class,
                            StorageContracts.RunChanges.class,
                            StorageContracts.Model.class),
                    RunLog.class,
                    List.of(StorageContracts.Log.class, StorageContracts.ExecutionLog.class),
                    SecretStore.class,
                    List.of(StorageContracts.Secrets.class, StorageContracts.Durability.class),
                    StagingStore.class,
                    List.of(StorageContracts.Staging.class, StorageContracts.Consumption.class),
                    RetentionStore.class,
                    List.of(StorageContracts.Retention.class),
                    ConversationStore.class,
                    List.of(StorageContracts.Conversations.class),
                    LocalObjectStore.class,
                    OBJECTS,
                    SandboxLauncher.class,
                    joined(DISPATCH, LAUNCHERS));

    /** The contracts of the rules that use a method of a port. */
    private static final Map<String, List<Class<?>>> OF_RULE =
            Map.ofEntries(
                    entry(
                            "RunStore.update",
                            List.of(
                                    EngineContracts.RunProgress.class,
                                    EngineContracts.Resume.class,
                                    EngineContracts.RunStatus.class,
                                    EngineContracts.RunTaskRequest.class,
                                    EngineContracts.Run.class,
                                    DispatchContracts.Cancellation.class,
                                    DispatchContracts.Protocol.class)),
                    entry(
                            "RunStore.insert",
                            List.of(
                                    EngineContracts.RunTaskRequest.class,
                                    EngineContracts.Repeated.class,
                                    EngineContracts.Staging.class,
                                    EngineContracts.Authorship.class,
                                    EngineContracts.Resume.class,
                                    DispatchContracts.Deadlines.class)),
                    entry("RetentionStore.eraseTasks", List.of(EngineContracts.Retention.class)),
                    entry("RunListener.onEvent", List.of(EngineContracts.Event.class)),
                    entry(
                            "ProjectDirectory.ownershipOfSignalReport",
                            List.of(EngineContracts.Task.class)),
                    entry("MessageRelay.relay", List.of(EngineContracts.Relay.class)),
                    entry("RunQueue.settleAndClaim", List.of(EngineContracts.Worker.class)),
                    entry("StagingStore.stage", List.of(EngineContracts.Staging.class)),
                    entry("StagingStore.reserve", List.of(EngineContracts.Staging.class)),
                    entry("TaskStore.update", List.of(EngineContracts.TaskDeletion.class)),
                    entry(
                            "RunStore.list",
                            List.of(EngineContracts.Guarded.class, EngineContracts.Run.class)),
                    entry(
                            "TaskStore.list",
                            List.of(EngineContracts.TaskList.class, EngineContracts.Guarded.class)),
                    entry(
                            "TaskStore.find",
                            List.of(EngineContracts.Task.class, EngineContracts.Guarded.class)));

    private Contracts() {}

    /** Returns the contracts that are most likely to kill the mutant, in the order of execution. */
    static List<Class<?>> about(Mutant mutant) {
        List<Class<?>> first =
                ExclusiveMutants.ALL.entrySet().stream()
                        .filter(exclusive -> exclusive.getValue().equals(mutant.toString()))
                        .<Class<?>>map(Map.Entry::getKey)
                        .toList();
        List<Class<?>> contracts =
                joined(
                        first,
                        switch (mutant.part()) {
                            case PORT ->
                                    LauncherMutants.BY_CONTRACT.contains(mutant)
                                            ? LAUNCHERS
                                            : OF_PORT.get(mutant.port());
                            case RULE -> OF_RULE.getOrDefault(method(mutant), List.of());
                            case DISPATCHER -> DISPATCH;
                        });
        if (contracts.isEmpty()) {
            throw new IllegalStateException("no contracts are listed for " + method(mutant));
        }
        return contracts;
    }

    private static String method(Mutant mutant) {
        return mutant.port().getSimpleName() + "." + mutant.method();
    }

    /** Returns all contracts that can run against the mutant. */
    static List<Class<?>> against(Mutant mutant) {
        return switch (mutant.part()) {
            case PORT ->
                    OUTSIDE_OF_STORAGE.contains(mutant.port())
                            ? OF_PORT.get(mutant.port())
                            : nested(StorageContracts.class);
            case RULE -> joined(nested(EngineContracts.class), DISPATCH);
            case DISPATCHER -> DISPATCH;
        };
    }

    /**
     * Returns all contracts. {@code ReadBackProperties}, {@code OperationSequenceProperties} and
     * {@code SilenceSimulation} are not included: they are randomised, so the mutants that they
     * kill depend on the random seed. The build of a backend can run them in addition to the
     * contracts.
     */
    static List<Class<?>> all() {
        return Stream.of(
                        nested(StorageContracts.class),
                        OBJECTS,
                        nested(EngineContracts.class),
                        DISPATCH,
                        LAUNCHERS)
                .<Class<?>>flatMap(List::stream)
                .toList();
    }

    private static List<Class<?>> joined(List<Class<?>> some, List<Class<?>> others) {
        return Stream.concat(some.stream(), others.stream()).distinct().toList();
    }

    private static List<Class<?>> nested(Class<?> contracts) {
        return Arrays.<Class<?>>stream(contracts.getDeclaredClasses())
                .sorted(Comparator.comparing(Class::getSimpleName))
                .toList();
    }

    /** Returns the JUnit selector of a contract. */
    static DiscoverySelector selecting(Class<?> contract) {
        Class<?> all = contract.getEnclosingClass();
        if (all == null) {
            return selectClass(contract);
        }
        Class<?> broken =
                all == StorageContracts.class
                        ? StorageContractsOnMutant.class
                        : all == EngineContracts.class
                                ? EngineContractsOnMutant.class
                                : DispatchContractsOnMutant.class;
        return selectNestedClass(List.of(broken), contract);
    }

    /** Returns the name of the published contract class. */
    static String nameOf(Class<?> contract) {
        return contract.getSuperclass().getSimpleName();
    }
}
