package dev.errand.memory.interleavings;

import dev.errand.spi.Idempotency;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.Reservation;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.NewRun;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunStore;
import dev.errand.spi.store.StoredRun;
import dev.errand.tck.TestArtifacts;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/**
 * docs/invariants.md#i2, #i3, #i4: a staged artifact is consumed by one run, an end is final, and
 * no update is lost, even while the task is deleted and requests are repeated.
 */
@Param(name = "run", gen = IntGen.class, conf = "1:2")
public class RunInterleavingsTest {

    private static final ArtifactId STAGED = ArtifactId.of(new UUID(3, 1));

    private final OneTaskStorage storage = new OneTaskStorage();
    private final RunStore runs = storage.backend.runs();
    private final StoredRun first = storage.insert(storage.aRun(0).build());
    private final RunChange[] ends = {
        OneTaskStorage.end(first, RunStatus.FAILED),
        OneTaskStorage.end(first, RunStatus.COMPLETED),
        OneTaskStorage.end(first, RunStatus.CANCELLED)
    };

    public RunInterleavingsTest() {
        Reservation reservation =
                new Reservation(
                        storage.task.id(),
                        STAGED,
                        "key",
                        OneTaskStorage.NOW.plus(OneTaskStorage.LEASE));
        storage.backend.staging().reserve(OneTaskStorage.PROJECT, List.of(reservation));
        storage.backend
                .staging()
                .stage(
                        OneTaskStorage.PROJECT,
                        List.of(TestArtifacts.finalised(reservation, OneTaskStorage.NOW)));
    }

    @Operation
    public Object insert(@Param(name = "run") int run) {
        return runs.insert(OneTaskStorage.PROJECT, storage.aRun(run).build(), Optional.empty());
    }

    @Operation
    public Object insertWithTheArtifact(@Param(name = "run") int run) {
        NewRun consuming = storage.aRun(run).consuming(STAGED).build();
        return runs.insert(OneTaskStorage.PROJECT, consuming, Optional.empty());
    }

    @Operation
    public Object insertUnderTheKey(@Param(name = "run") int run) {
        Idempotency key = new Idempotency("user:31", "POST", "key", "request " + run);
        return runs.insert(OneTaskStorage.PROJECT, storage.aRun(run).build(), Optional.of(key));
    }

    @Operation
    public Object end(@Param(name = "run") int status) {
        return runs.update(OneTaskStorage.PROJECT, ends[status]);
    }

    @Operation
    public Object find(@Param(name = "run") int run) {
        StoredRun any = storage.aRun(run - 1).build().stored();
        return runs.find(OneTaskStorage.PROJECT, any.task(), any.id());
    }

    @Operation
    public Object findStaged() {
        return storage.backend
                .staging()
                .find(OneTaskStorage.PROJECT, storage.task.id(), List.of(STAGED));
    }

    @Operation
    public Object deleteTheTask() {
        return storage.backend
                .tasks()
                .update(OneTaskStorage.PROJECT, storage.task.markDeleted(OneTaskStorage.NOW));
    }

    @Test
    void runUpdatesAreLinearizable() {
        Interleavings.check(RunInterleavingsTest.class);
    }
}
