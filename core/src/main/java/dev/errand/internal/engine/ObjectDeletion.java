package dev.errand.internal.engine;

import dev.errand.spi.artifact.StoredObject;
import dev.errand.spi.store.RetentionStore;
import java.util.List;

/** Deletes the objects of erased tasks and expired uploads. */
final class ObjectDeletion {

    private static final int BATCH = 500;

    private ObjectDeletion() {}

    /**
     * Deletes all objects that the storage lists for deletion. An object is taken off the list
     * after it was deleted, so that a crash in between leaves no object behind.
     *
     * @return the number of deleted objects
     */
    static long deleteAll(Engine engine) {
        RetentionStore retention = engine.backend().retention();
        long deleted = 0;
        List<StoredObject> batch = retention.listObjectDeletions(BATCH);
        while (!batch.isEmpty() && !Thread.currentThread().isInterrupted()) {
            batch.forEach(object -> engine.objects().delete(object.project(), object.key()));
            retention.removeObjectDeletions(batch);
            deleted += batch.size();
            batch = retention.listObjectDeletions(BATCH);
        }
        return deleted;
    }
}
