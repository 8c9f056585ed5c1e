package dev.errand.memory.interleavings;

import dev.errand.spi.Idempotency;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.Reservation;
import dev.errand.spi.run.NewRun;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunChange;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.RunStore;
import dev.errand.tck.TestArtifacts;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/**
 * I2, I3, I4: a staged artifact goes to one run, an end is final, and no change is lost; also while
 * the task is deleted and requests are repeated.
 */
@Param(name = "run", gen = IntGen.class, conf = "1:2")
public class RunInterleavingsTest {

    private static final ArtifactId STAGED = ArtifactId.of(new UUID(3, 1));

    private final Stage stage = new Stage();
    private final RunStore runs = stage.backend.runs();
    private final Run first = stage.insert(stage.aRun(0).build());
    private final RunChange[] ends = {
        Stage.end(first, RunStatus.FAILED),
        Stage.end(first, RunStatus.COMPLETED),
        Stage.end(first, RunStatus.CANCELLED)
    };

    public RunInterleavingsTest() {
        Reservation reservation =
                new Reservation(stage.task.id(), STAGED, "key", Stage.NOW.plus(Stage.LEASE));
        stage.backend.staging().reserve(Stage.PROJECT, List.of(reservation));
        stage.backend
                .staging()
                .stage(Stage.PROJECT, List.of(TestArtifacts.finalised(reservation, Stage.NOW)));
    }

    @Operation
    public Object insert(@Param(name = "run") int run) {
        return runs.insert(Stage.PROJECT, stage.aRun(run).build(), Optional.empty());
    }

    @Operation
    public Object insertWithTheArtifact(@Param(name = "run") int run) {
        NewRun consuming = stage.aRun(run).consuming(STAGED).build();
        return runs.insert(Stage.PROJECT, consuming, Optional.empty());
    }

    @Operation
    public Object insertUnderTheKey(@Param(name = "run") int run) {
        Idempotency key = new Idempotency("user:31", "POST", "key", "request " + run);
        return runs.insert(Stage.PROJECT, stage.aRun(run).build(), Optional.of(key));
    }

    @Operation
    public Object end(@Param(name = "run") int status) {
        return runs.update(Stage.PROJECT, ends[status]);
    }

    @Operation
    public Object find(@Param(name = "run") int run) {
        Run any = stage.aRun(run - 1).build().run();
        return runs.find(Stage.PROJECT, any.task(), any.id());
    }

    @Operation
    public Object findStaged() {
        return stage.backend.staging().find(Stage.PROJECT, stage.task.id(), List.of(STAGED));
    }

    @Operation
    public Object deleteTheTask() {
        return stage.backend.tasks().update(Stage.PROJECT, stage.task.deleted(Stage.NOW));
    }

    @Test
    void runsComeAndChangeAsIfOneAfterTheOther() {
        Interleavings.check(RunInterleavingsTest.class);
    }
}
