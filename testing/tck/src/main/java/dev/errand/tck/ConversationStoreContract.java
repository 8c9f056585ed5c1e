package dev.errand.tck;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.artifact.Reservation;
import dev.errand.spi.artifact.StoredObject;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.store.Conversation;
import dev.errand.spi.store.ConversationChange;
import dev.errand.spi.store.ConversationResult;
import dev.errand.spi.store.ConversationStore;
import dev.errand.spi.store.ErasedData;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.store.TaskSelection;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Contract tests for implementations of {@link ConversationStore} (docs/wire/conversations.md#l4).
 */
public abstract class ConversationStoreContract extends StorageContract {

    private static final UUID ID = UUID.fromString("0f4ef1a2-6a7c-4a53-8a8e-3f0c14a7d001");

    /** The expectation of a writer that has seen no content. */
    private static final String NOTHING = "none";

    private static final String A = "a".repeat(64);
    private static final String B = "b".repeat(64);

    private Task task;
    private StoredRun run;

    /** Constructor for subclasses. */
    protected ConversationStoreContract() {}

    @BeforeEach
    @Override
    public void openTwoNodes() {
        super.openTwoNodes();
        task = insert(aTask());
        run = queue(insert(aRun(task)));
    }

    /** {@code getOrCreate}: the first call creates the conversation, later ones find it. */
    @Test
    public void aConversationIsCreatedOnce() {
        assertThat(find()).isEmpty();

        Conversation created = create();
        Optional<Conversation> again =
                otherNode
                        .conversations()
                        .getOrCreate(PROJECT, task.id(), run.id(), UUID.randomUUID());

        assertThat(created).isEqualTo(new Conversation(ID, Optional.empty()));
        assertThat(again).contains(created);
        assertThat(find()).contains(created);
    }

    /** {@code getOrCreate}: concurrent calls return the same conversation. */
    @Test
    public void concurrentCallsCreateOneConversation() {
        List<Optional<Conversation>> created =
                ConcurrentCalls.of(
                        8,
                        i ->
                                nodeOf(i)
                                        .conversations()
                                        .getOrCreate(PROJECT, task.id(), run.id(), new UUID(7, i)));

        assertThat(created).containsOnly(find());
    }

    /** {@code getOrCreate} and {@code replace}: no run, another task, another project. */
    @Test
    public void aRunIsFoundOnlyInItsTaskAndProject() {
        create();
        Task other = insert(aTask());
        Task foreign = insert(OTHER_PROJECT, aTask());
        ConversationStore conversations = node.conversations();

        assertThat(conversations.find(PROJECT, other.id(), run.id())).isEmpty();
        assertThat(conversations.find(OTHER_PROJECT, task.id(), run.id())).isEmpty();
        assertThat(conversations.getOrCreate(PROJECT, other.id(), run.id(), ID)).isEmpty();
        for (TaskId id : List.of(task.id(), foreign.id())) {
            assertThat(conversations.getOrCreate(OTHER_PROJECT, id, run.id(), ID)).isEmpty();
            SandboxId writer = new SandboxId(OTHER_PROJECT, id, run.id(), 1);
            assertThat(conversations.replace(OTHER_PROJECT, change(writer, NOTHING, A)))
                    .isEqualTo(new ConversationResult.NotFound());
        }
    }

    /** A run of a deleted task is not found. */
    @Test
    public void theConversationOfADeletedTaskIsNotFound() {
        create();
        delete(task);

        assertThat(find()).isEmpty();
        assertThat(node.conversations().getOrCreate(PROJECT, task.id(), run.id(), ID)).isEmpty();
        assertThat(replace(NOTHING, A)).isEqualTo(new ConversationResult.NotFound());
    }

    /** {@code replace}: there is nothing to replace before the conversation was created. */
    @Test
    public void aRunWithoutAConversationIsNotFound() {
        assertThat(replace(NOTHING, A)).isEqualTo(new ConversationResult.NotFound());
    }

    /** {@code replace}: the new content is stored, and the old object is listed for deletion. */
    @Test
    public void contentReplacesTheOneThatTheWriterLastSaw() {
        create();
        ConversationChange first = change(SandboxId.of(run.run()), NOTHING, A);
        ConversationChange second = change(SandboxId.of(run.run()), A, B);
        assertThat(find()).contains(new Conversation(ID, Optional.empty()));

        ConversationResult stored = node.conversations().replace(PROJECT, first);
        assertThat(stored)
                .isEqualTo(
                        new ConversationResult.Replaced(
                                new Conversation(ID, Optional.of(first.content()))));
        assertThat(objects()).isEmpty();

        otherNode.conversations().replace(PROJECT, second);
        assertThat(find()).contains(new Conversation(ID, Optional.of(second.content())));
        assertThat(objects())
                .containsExactly(new StoredObject(PROJECT, first.content().storagePath()));
    }

    /** {@code replace}: the object is kept when its reservation expires; another one is not. */
    @Test
    public void theReservationOfStoredContentIsConsumed() {
        create();
        ConversationChange stored = change(SandboxId.of(run.run()), NOTHING, A);
        ConversationChange stale = change(SandboxId.of(run.run()), NOTHING, B);
        node.conversations().replace(PROJECT, stored);
        node.conversations().replace(PROJECT, stale);
        clock.advance(TestArtifacts.RESERVED_FOR);

        node.retention().eraseExpired(10);

        assertThat(objects())
                .containsExactly(new StoredObject(PROJECT, stale.content().storagePath()));
    }

    /** {@code replace}: a repeated call is accepted, whatever the writer expects. */
    @Test
    public void storedContentIsAcceptedAgain() {
        create();
        replace(NOTHING, A);
        Conversation before = find().orElseThrow();

        assertThat(replace(NOTHING, A)).isEqualTo(new ConversationResult.SameContent(before));
        assertThat(replace(B, A)).isEqualTo(new ConversationResult.SameContent(before));
        assertThat(find()).contains(before);
    }

    /** {@code replace}: content that the writer has not seen is not overwritten. */
    @Test
    public void staleContentIsRejected() {
        create();
        assertThat(replace(B, A)).isInstanceOf(ConversationResult.Stale.class);
        replace(NOTHING, A);
        Conversation before = find().orElseThrow();

        assertThat(replace(NOTHING, B)).isEqualTo(new ConversationResult.Stale(before));
        assertThat(find()).contains(before);
    }

    /** {@code replace}: only the sandbox of the current attempt writes, even after the end. */
    @Test
    public void onlyTheCurrentSandboxWrites() {
        create();
        SandboxId first = SandboxId.of(run.run());
        run = failLaunch(run, clock.instant());
        SandboxId second = SandboxId.of(run.run());

        assertThat(node.conversations().replace(PROJECT, change(first, NOTHING, A)))
                .isEqualTo(new ConversationResult.NotCurrentSandbox());
        run = end(run, RunStatus.FAILED);
        assertThat(node.conversations().replace(PROJECT, change(second, NOTHING, A)))
                .isInstanceOf(ConversationResult.Replaced.class);
    }

    /** {@code replace}: of concurrent writers that saw the same content, one wins. */
    @Test
    public void oneOfConcurrentWritersWins() {
        create();
        List<ConversationChange> changes =
                IntStream.range(0, 8)
                        .mapToObj(
                                i -> change(SandboxId.of(run.run()), NOTHING, ("" + i).repeat(64)))
                        .toList();

        List<ConversationResult> results =
                ConcurrentCalls.of(
                        8, i -> nodeOf(i).conversations().replace(PROJECT, changes.get(i)));

        assertThat(results)
                .filteredOn(ConversationResult.Replaced.class::isInstance)
                .containsExactly(new ConversationResult.Replaced(find().orElseThrow()));
        assertThat(results).filteredOn(ConversationResult.Stale.class::isInstance).hasSize(7);
    }

    /** A conversation is stored durably. */
    @Test
    public void aConversationIsReadFromAnotherNode() {
        create();
        replace(NOTHING, A);

        assertThat(otherNode.conversations().find(PROJECT, task.id(), run.id()))
                .isEqualTo(find())
                .isPresent();
    }

    /** {@code eraseLogs}: the content is erased like a log, and the id is kept. */
    @Test
    public void contentIsErasedAfterTheRunEnded() {
        create();
        ConversationChange stored = change(SandboxId.of(run.run()), NOTHING, A);
        node.conversations().replace(PROJECT, stored);
        clock.tick();
        assertThat(node.retention().eraseLogs(clock.instant(), 10)).isEqualTo(ErasedData.NOTHING);
        run = end(run, RunStatus.COMPLETED);
        Instant endedAt = clock.instant();

        assertThat(node.retention().eraseLogs(endedAt, 10)).isEqualTo(ErasedData.NOTHING);
        clock.tick();
        assertThat(node.retention().eraseLogs(clock.instant(), 10))
                .isEqualTo(new ErasedData(0, 0, 0, 0, 0, 0, 1, Optional.of(endedAt)));
        assertThat(node.retention().eraseLogs(clock.instant(), 10)).isEqualTo(ErasedData.NOTHING);

        assertThat(find()).contains(new Conversation(ID, Optional.empty()));
        assertThat(objects())
                .containsExactly(new StoredObject(PROJECT, stored.content().storagePath()));
    }

    /** {@code eraseTasks}: a conversation is erased with its task. */
    @Test
    public void aConversationIsErasedWithItsTask() {
        create();
        ConversationChange stored = change(SandboxId.of(run.run()), NOTHING, A);
        node.conversations().replace(PROJECT, stored);
        run = end(run, RunStatus.COMPLETED);

        ErasedData erased =
                node.retention().eraseTasks(new TaskSelection.Single(PROJECT, task.id()), 1);

        assertThat(erased.objects()).isEqualTo(1);
        assertThat(find()).isEmpty();
        assertThat(objects())
                .containsExactly(new StoredObject(PROJECT, stored.content().storagePath()));
    }

    private Conversation create() {
        return node.conversations().getOrCreate(PROJECT, task.id(), run.id(), ID).orElseThrow();
    }

    private Optional<Conversation> find() {
        return node.conversations().find(PROJECT, task.id(), run.id());
    }

    private ConversationResult replace(String expected, String sha256) {
        return node.conversations()
                .replace(PROJECT, change(SandboxId.of(run.run()), expected, sha256));
    }

    /** Returns a change with a reserved key of its own. */
    private ConversationChange change(SandboxId writer, String expected, String sha256) {
        Reservation reservation = TestArtifacts.aReservation(task, clock.instant());
        node.staging().reserve(PROJECT, List.of(reservation));
        return new ConversationChange(
                writer,
                Optional.of(expected).filter(it -> !it.equals(NOTHING)),
                reservation.id(),
                new Conversation.Content(sha256, 12, reservation.storagePath()));
    }

    private List<StoredObject> objects() {
        return node.retention().listObjectDeletions(10);
    }
}
