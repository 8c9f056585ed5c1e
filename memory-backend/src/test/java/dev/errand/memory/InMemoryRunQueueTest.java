package dev.errand.memory;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.NewTask;
import dev.errand.spi.task.Task;
import dev.errand.tck.BackendFactory;
import dev.errand.tck.RunQueueContract;
import dev.errand.tck.TestClock;
import dev.errand.tck.TestTasks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class InMemoryRunQueueTest extends RunQueueContract {

    private static final ProjectId BUSY = ProjectId.of(1);
    private static final ProjectId QUIET = ProjectId.of(2);

    private final TestClock clock = TestClock.at(Instant.parse("2026-05-06T09:00:00Z"));
    private final InMemoryBackend backend = InMemoryBackend.create(clock);

    @Override
    protected BackendFactory factory() {
        return new InMemoryBackendFactory();
    }

    @Test
    void singleClaimsAlternateBetweenProjects() {
        queueRuns(BUSY, 10);
        assertThat(claimOneByOne(3)).containsExactly(BUSY, BUSY, BUSY);
        queueRuns(QUIET, 2);

        assertThat(claimOneByOne(5)).containsExactly(QUIET, BUSY, QUIET, BUSY, BUSY);
    }

    /** Earlier claims have no effect on the order once everything due was claimed. */
    @Test
    void anEmptyQueueStartsANewRound() {
        queueRuns(BUSY, 3);
        assertThat(claimOneByOne(4)).containsExactly(BUSY, BUSY, BUSY);
        queueRuns(BUSY, 1);
        queueRuns(QUIET, 1);

        assertThat(claimOneByOne(2)).containsExactly(BUSY, QUIET);
    }

    private void queueRuns(ProjectId project, int count) {
        for (int i = 0; i < count; i++) {
            NewTask task = aTask().build();
            TestTasks.insertTask(backend.tasks(), project, task, Optional.empty());
            Task inserted = backend.tasks().find(project, task.id()).orElseThrow().task();
            backend.runs()
                    .insert(
                            project,
                            aRun(inserted).queuedAt(clock.tick()).build(),
                            Optional.empty());
        }
    }

    private List<ProjectId> claimOneByOne(int claims) {
        ClaimRequest one = new ClaimRequest("node-1", 1, Duration.ofSeconds(30));
        List<ProjectId> projects = new ArrayList<>();
        for (int i = 0; i < claims; i++) {
            for (ClaimedRun each : backend.queue().claim(ProjectScope.everyProject(), one)) {
                projects.add(each.run().project());
            }
        }
        return projects;
    }
}
