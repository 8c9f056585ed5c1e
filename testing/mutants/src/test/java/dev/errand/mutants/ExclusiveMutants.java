package dev.errand.mutants;

import static java.util.Map.entry;

import dev.errand.tck.StorageContracts;
import dev.errand.testing.engine.DispatchContracts;
import dev.errand.testing.engine.EngineContracts;
import java.util.Map;

/** For each contract a mutant that no other contract kills; {@link ContractMatrix} proves it. */
final class ExclusiveMutants {

    // spotless:off
    static final Map<Class<?>, String> ALL = Map.ofEntries(
            entry(StorageContracts.Tasks.class, "W6 TaskStore.find: shows what it showed first"),
            entry(StorageContracts.TaskLists.class, "W6 TaskStore.list: starts the page one too early"),
            entry(StorageContracts.TaskSummaries.class, "W6 TaskStore.listByIds: counts the page"),
            entry(StorageContracts.Idempotency.class, "W5 TaskStore.insert: does not compare the request"),
            entry(StorageContracts.Runs.class, "W6 RunStore.list: counts the page"),
            entry(StorageContracts.Consumption.class, "W5 RunStore.insert: consumes nothing under a key"),
            entry(StorageContracts.RunUpdateRules.class, "W1 RunStore.update: does not keep the output"),
            entry(StorageContracts.GuardedChanges.class, "W5 RunStore.update: forgets the key"),
            entry(StorageContracts.Staging.class, "W5 StagingStore.reserve: reserves the first only"),
            entry(StorageContracts.Queue.class, "W3 RunQueue.claim: puts last what was abandoned"),
            entry(StorageContracts.Leases.class, "W6 RunQueue.release: releases in any project"),
            entry(StorageContracts.ConcurrencyLimits.class, "W3 RunQueue.claim: begins with the least urgent"),
            entry(StorageContracts.Heartbeat.class, "W6 RunQueue.renew: answers in another order"),
            entry(StorageContracts.Depth.class, "W6 RunQueue.depth: looks at every project"),
            entry(StorageContracts.Log.class, "W5 RunLog.append: forgets the key"),
            entry(StorageContracts.ExecutionLog.class, "W4 RunLog.append: does not look at the attempt"),
            entry(StorageContracts.Secrets.class, "W1 SecretStore.put: forgets the other names"),
            entry(StorageContracts.Work.class, "W5 TaskStore.insert: leaves behind what it began"),
            entry(StorageContracts.Durability.class, "W5 RunLog.append: forgets the events of before a restart"),
            entry(StorageContracts.Model.class, "W4 RunQueue.renew: shows the run as it was claimed"),
            entry(ObjectStoreContractOnMutant.class, "W3 LocalObjectStore.uploadForm: signs for a year"),
            entry(EngineContracts.Authorship.class, "W5 rule at RunStore.insert: a connection of the server's is taken for a token of the caller's"),
            entry(EngineContracts.Concurrent.class, "W1 rule at TaskStore.update: who comes too late writes all the same"),
            entry(EngineContracts.Event.class, "W1 rule at RunListener.onEvent: does not say what was before"),
            entry(EngineContracts.Guarded.class, "W6 rule at ProjectDirectory.findProject: takes every project for one that there is"),
            entry(EngineContracts.Relay.class, "W1 rule at MessageRelay.relay: passes on what was not said"),
            entry(EngineContracts.Repeated.class, "W5 rule at RunStore.insert: a key is forgotten"),
            entry(EngineContracts.Resume.class, "W3 rule at RunStore.insert: the snapshot of what is resumed is not taken over"),
            entry(EngineContracts.RunArtifact.class, "W1 rule at RunStore.update: what is added to a manifest takes the place of what was there"),
            entry(EngineContracts.RunCreation.class, "W2 rule at RunStore.insert: what a host begins as queued is owed"),
            entry(EngineContracts.Run.class, "W6 rule at RunStore.list: every page is the first"),
            entry(EngineContracts.RunProgress.class, "W6 rule at RunLog.read: a log is always read from its beginning"),
            entry(EngineContracts.RunStatus.class, "W1 rule at RunStore.update: what is said after the end moves the end"),
            entry(EngineContracts.RunTaskRequest.class, "W3 rule at RunStore.insert: a run's own timeouts are not kept"),
            entry(EngineContracts.Staging.class, "W5 rule at StagingStore.stage: what is finalized again is left as it was"),
            entry(EngineContracts.TaskDeletion.class, "W1 rule at TaskStore.update: a deletion was earlier than it is"),
            entry(EngineContracts.TaskList.class, "W6 rule at TaskStore.list: the status that is asked for is not passed on"),
            entry(EngineContracts.Task.class, "W1 rule at TaskStore.insert: the wording for CI is not kept"),
            entry(EngineContracts.Worker.class, "W5 rule at RunQueue.settleAndClaim: the output is not kept"),
            entry(DispatchContracts.Protocol.class, "W4 dispatcher at RunQueue.renew: continues without its lease"),
            entry(DispatchContracts.Cancellation.class, "W3 SandboxLauncher.stop: ignores the same stop a second time"),
            entry(DispatchContracts.LauncherFaults.class, "W1 dispatcher at RunStore.update: writes without its lease"),
            entry(DispatchContracts.SwiftSandboxes.class, "W1 dispatcher at RunQueue.settleAndClaim: records an end without its start"),
            entry(DispatchContracts.Deadlines.class, "W3 dispatcher at RunStore.update: drops the timeouts of the run"),
            entry(DispatchContracts.Description.class, "W3 dispatcher at RunStore.update: records a stop a second too early"),
            entry(LauncherContractOnMutant.class, "W3 SandboxLauncher.launch: does not report standard error"));
    // spotless:on

    private ExclusiveMutants() {}
}
