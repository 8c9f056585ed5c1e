package dev.errand.memory;

import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.StoredObject;
import dev.errand.spi.run.RunId;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.store.Conversation;
import dev.errand.spi.store.ConversationChange;
import dev.errand.spi.store.ConversationResult;
import dev.errand.spi.store.ConversationStore;
import dev.errand.spi.task.TaskId;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** The conversations of runs. */
final class InMemoryConversationStore implements ConversationStore {

    private final Storage storage;
    private final InMemoryStagingStore staging;

    InMemoryConversationStore(Storage storage, InMemoryStagingStore staging) {
        this.storage = storage;
        this.staging = staging;
    }

    @Override
    public Optional<Conversation> find(ProjectId project, TaskId task, RunId run) {
        synchronized (storage) {
            return findRun(project, task, run)
                    .flatMap(data -> Optional.ofNullable(data.conversations.get(run)));
        }
    }

    @Override
    public Optional<Conversation> getOrCreate(
            ProjectId project, TaskId task, RunId run, UUID newId) {
        synchronized (storage) {
            return findRun(project, task, run)
                    .map(
                            data ->
                                    data.conversations.computeIfAbsent(
                                            run, id -> new Conversation(newId, Optional.empty())));
        }
    }

    @Override
    public ConversationResult replace(ProjectId project, ConversationChange change) {
        SandboxId writer = change.writer();
        synchronized (storage) {
            Optional<ProjectData> found = findRun(project, writer.task(), writer.run());
            Optional<Conversation> before = find(project, writer.task(), writer.run());
            if (found.isEmpty() || before.isEmpty()) {
                return new ConversationResult.NotFound();
            }
            ProjectData data = found.get();
            int attempt = Objects.requireNonNull(data.runs.get(writer.run())).run().attempt();
            Optional<String> stored = before.get().sha256();
            if (attempt != writer.attempt()) {
                return new ConversationResult.NotCurrentSandbox();
            }
            if (stored.equals(Optional.of(change.content().sha256()))) {
                return new ConversationResult.SameContent(before.get());
            }
            if (!stored.equals(change.expectedSha256())) {
                return new ConversationResult.Stale(before.get());
            }
            Conversation after = new Conversation(before.get().id(), Optional.of(change.content()));
            data.conversations.put(writer.run(), after);
            staging.consume(project, change.reservation());
            before.get()
                    .content()
                    .ifPresent(
                            old ->
                                    storage.objectDeletions.add(
                                            new StoredObject(project, old.storagePath())));
            return new ConversationResult.Replaced(after);
        }
    }

    /** Finds the project of a run whose task was not deleted. */
    private Optional<ProjectData> findRun(ProjectId project, TaskId task, RunId run) {
        return storage.find(project)
                .filter(data -> data.findTask(task).isPresent())
                .filter(data -> data.findRun(task, run).isPresent());
    }
}
