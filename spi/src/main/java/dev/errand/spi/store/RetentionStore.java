package dev.errand.spi.store;

import dev.errand.spi.artifact.StoredObject;
import java.time.Instant;
import java.util.List;

/**
 * Erases data.
 *
 * <p>The unit is a task with everything that belongs to it: runs, queue entries, logs,
 * conversations, secrets, reservations, staged artifacts and stored answers. A task with a run that
 * has a queue entry is never erased, since its sandbox must be stopped first. The objects of erased
 * data are not deleted by the storage: their keys are kept until {@link #removeObjectDeletions}
 * confirms that the object store deleted them. A crash in between leaves no orphaned object. An
 * object that a stored artifact refers to is never deleted.
 *
 * <p>Implementations are thread-safe. Every method is atomic, and several nodes may call it at the
 * same time. <b>Retry</b> after an unknown outcome is safe. A {@link dev.errand.spi.PortException}
 * means that the storage failed.
 */
public interface RetentionStore {

    /**
     * Erases up to {@code max} tasks of a selection.
     *
     * <p><b>Result</b>: the numbers of erased items. If none was erased, no selected task can be
     * erased now, except tasks that concurrent calls were changing or erasing. A call for {@link
     * TaskSelection.Single} waits for concurrent changes.
     *
     * <p><b>Order</b>: earliest deletion first for {@link TaskSelection.DeletedBefore}, earliest
     * creation of the task first for {@link TaskSelection.EndedBefore}, otherwise any.
     */
    ErasedData eraseTasks(TaskSelection selection, int max);

    /**
     * Erases up to {@code max} logs, and the content of up to {@code max} conversations, of runs
     * that ended before {@code endedBefore} and have no queue entry. The runs remain, and their
     * conversations keep their ids.
     */
    ErasedData eraseLogs(Instant endedBefore, int max);

    /**
     * Erases up to {@code max} stored answers, up to {@code max} secrets, and up to {@code max}
     * reservations and staged artifacts that have expired according to {@link Backend#clock()}. The
     * objects of uploads are listed for deletion unless a run consumed them or the manifest of a
     * run of the task names them.
     */
    ErasedData eraseExpired(int max);

    /**
     * Lists up to {@code max} objects of erased tasks and expired uploads that must be deleted, in
     * any order.
     */
    List<StoredObject> listObjectDeletions(int max);

    /** Removes entries of {@link #listObjectDeletions}, once the objects are deleted. */
    void removeObjectDeletions(List<StoredObject> deleted);
}
