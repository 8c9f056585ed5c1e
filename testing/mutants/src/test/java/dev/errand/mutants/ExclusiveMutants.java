package dev.errand.mutants;

import static java.util.Map.entry;

import dev.errand.tck.StorageContracts;
import dev.errand.testing.engine.DispatchContracts;
import dev.errand.testing.engine.EngineContracts;
import java.util.Map;

/** A mutant for each contract that no other contract kills, as {@link ContractMatrix} verifies. */
final class ExclusiveMutants {

    // spotless:off
    static final Map<Class<?>, String> ALL = Map.ofEntries(
            entry(StorageContracts.Tasks.class, "W6 TaskStore.find: always returns its first result"),
            entry(StorageContracts.TaskLists.class, "W6 TaskStore.list: starts the page one item too early"),
            entry(StorageContracts.TaskSummaries.class, "W6 TaskStore.listByIds: returns the size of the page as the total"),
            entry(StorageContracts.Idempotency.class, "W5 TaskStore.insert: does not compare the request"),
            entry(StorageContracts.Runs.class, "W6 RunStore.list: returns the size of the page as the total"),
            entry(StorageContracts.Consumption.class, "W5 RunStore.insert: consumes no staged artifacts if there is an idempotency key"),
            entry(StorageContracts.RunChanges.class, "W1 RunStore.update: drops the output"),
            entry(StorageContracts.GuardedChanges.class, "W5 RunStore.update: ignores the idempotency key"),
            entry(StorageContracts.Staging.class, "W5 StagingStore.reserve: reserves only the first artifact"),
            entry(StorageContracts.Queue.class, "W3 RunQueue.claim: returns abandoned runs last"),
            entry(StorageContracts.Leases.class, "W6 RunQueue.release: ignores the project"),
            entry(StorageContracts.ConcurrencyLimits.class, "W3 RunQueue.claim: returns the lowest priority first"),
            entry(StorageContracts.Heartbeat.class, "W6 RunQueue.renew: returns the results in reverse order"),
            entry(StorageContracts.Depth.class, "W6 RunQueue.depth: ignores the project scope"),
            entry(StorageContracts.Log.class, "W5 RunLog.append: ignores the idempotency key"),
            entry(StorageContracts.ExecutionLog.class, "W4 RunLog.append: ignores the attempt"),
            entry(StorageContracts.Secrets.class, "W1 SecretStore.put: drops the other names"),
            entry(StorageContracts.Retention.class, "W6 RetentionStore.eraseTasks: ignores the limit"),
            entry(StorageContracts.Conversations.class, "W1 ConversationStore.replace: does not compare the content"),
            entry(EngineContracts.Conversation.class, "W1 rule at ConversationStore.replace: the content that the writer last saw is ignored"),
            entry(EngineContracts.Watch.class, "W6 rule at RunLog.read: a watcher skips an entry at every read"),
            entry(StorageContracts.Work.class, "W5 TaskStore.insert: inserts the tasks one by one"),
            entry(StorageContracts.Durability.class, "W5 RunLog.append: forgets the event ids at a restart"),
            entry(StorageContracts.Model.class, "W4 RunQueue.renew: returns an outdated run"),
            entry(ObjectStoreContractOnMutant.class, "W3 LocalObjectStore.uploadForm: extends the expiry by a year"),
            entry(EngineContracts.Authorship.class, "W5 rule at RunStore.insert: the credential source of the server is stored as that of the caller"),
            entry(EngineContracts.Concurrent.class, "W1 rule at TaskStore.update: a concurrent change is overwritten"),
            entry(EngineContracts.Event.class, "W1 rule at RunListener.onEvent: omits the previous state of the run"),
            entry(EngineContracts.Guarded.class, "W6 rule at ProjectDirectory.findProject: accepts unknown projects"),
            entry(EngineContracts.Relay.class, "W1 rule at MessageRelay.relay: changes the message"),
            entry(EngineContracts.Repeated.class, "W5 rule at RunStore.insert: the idempotency key is ignored"),
            entry(EngineContracts.Retention.class, "W3 rule at RetentionStore.eraseTasks: no project is erased"),
            entry(EngineContracts.Resume.class, "W3 rule at RunStore.insert: the snapshot of the resumed run is lost"),
            entry(EngineContracts.RunArtifact.class, "W1 rule at RunStore.update: added artifacts replace the manifest"),
            entry(EngineContracts.RunCreation.class, "W2 rule at RunStore.insert: a run that the host creates as queued is launched"),
            entry(EngineContracts.Run.class, "W6 rule at RunStore.list: the offset is ignored"),
            entry(EngineContracts.RunProgress.class, "W6 rule at RunLog.read: the log is always read from the beginning"),
            entry(EngineContracts.RunStatus.class, "W1 rule at RunStore.update: a report after the end changes the completion time"),
            entry(EngineContracts.RunTaskRequest.class, "W3 rule at RunStore.insert: the timeouts of the run are lost"),
            entry(EngineContracts.Staging.class, "W5 rule at StagingStore.stage: a second finalization is ignored"),
            entry(EngineContracts.TaskDeletion.class, "W1 rule at TaskStore.update: the deletion time is too early"),
            entry(EngineContracts.TaskList.class, "W6 rule at TaskStore.list: the status filter is ignored"),
            entry(EngineContracts.Task.class, "W1 rule at TaskStore.insert: the CI prompt is lost"),
            entry(EngineContracts.Worker.class, "W5 rule at RunQueue.settleAndClaim: the output of a worker is lost"),
            entry(DispatchContracts.Protocol.class, "W4 dispatcher at RunQueue.renew: continues without its lease"),
            entry(DispatchContracts.Cancellation.class, "W3 SandboxLauncher.stop: ignores the same stop a second time"),
            entry(DispatchContracts.Restarts.class, "W4 rule at RunStore.update: a restarted run does not wait for its old sandbox"),
            entry(DispatchContracts.LauncherFaults.class, "W1 dispatcher at RunStore.update: writes without its lease"),
            entry(DispatchContracts.SwiftSandboxes.class, "W1 dispatcher at RunQueue.settleAndClaim: records an end without its start"),
            entry(DispatchContracts.WorkerPools.class, "W1 dispatcher at RunQueue.settleAndClaim: a pool records a failed handler as completed"),
            entry(DispatchContracts.Deadlines.class, "W3 dispatcher at RunStore.update: drops the timeouts of the run"),
            entry(DispatchContracts.Description.class, "W3 dispatcher at RunStore.update: records a stop a second too early"),
            entry(LauncherContractOnMutant.class, "W3 SandboxLauncher.launch: does not report standard error"));
    // spotless:on

    private ExclusiveMutants() {}
}
