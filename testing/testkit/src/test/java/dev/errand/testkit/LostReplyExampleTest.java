package dev.errand.testkit;

import static dev.errand.spi.run.RunStatus.COMPLETED;
import static dev.errand.spi.run.RunStatus.IN_PROGRESS;
import static dev.errand.spi.run.RunStatus.QUEUED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.Errand;
import dev.errand.ProjectClient;
import dev.errand.access.Caller;
import dev.errand.dispatch.DispatchOptions;
import dev.errand.dispatch.Dispatcher;
import dev.errand.memory.InMemoryBackend;
import dev.errand.memory.objects.InMemoryObjectStore;
import dev.errand.run.RunTaskRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.ObjectStore;
import dev.errand.spi.project.Project;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.run.Run;
import dev.errand.task.CreateTaskRequest;
import dev.errand.tck.TestClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The example of docs/testing.md. */
class LostReplyExampleTest {

    private final ProjectDirectory directory =
            ProjectDirectory.of(new Project(ProjectId.of(1), "Acme Mobile App"));

    @Test
    void aLaunchWhoseAnswerIsLostLeavesNoSecondSandbox() {
        TestClock clock = TestClock.at(Instant.parse("2026-05-07T09:30:00Z"));
        InMemoryBackend backend = InMemoryBackend.create(clock);
        ObjectStore objects =
                InMemoryObjectStore.create(clock, Secret.of("a signing key for tests"));
        FaultPlan plan = FaultPlan.on(clock).at("launch", 1, Fault.LOSE_REPLY);
        FakeLauncher sandboxes = new FakeLauncher();
        RecordingListener listener = new RecordingListener();
        Run run;
        try (Errand errand =
                        Errand.builder(backend, objects, directory).listener(listener).build();
                Dispatcher dispatcher =
                        errand.dispatcher(
                                FaultInjection.launcher(sandboxes, plan),
                                DispatchOptions.of("node-1"))) {
            ProjectClient project = errand.project(ProjectId.of(1), Caller.host());
            run =
                    project.tasks()
                            .createAndRun(
                                    CreateTaskRequest.builder().build(),
                                    RunTaskRequest.builder().build())
                            .latestRun()
                            .orElseThrow();
            dispatcher.runOnce(); // The sandbox starts, but the reply is lost.
            clock.advance(Duration.ofMinutes(1));
            dispatcher.runOnce(); // The next attempt.
            sandboxes.exit(sandboxes.lastSandbox(), 0);
            dispatcher.runOnce();
        }
        assertThat(plan.injected()).containsExactly("launch 1 LOSE_REPLY");
        assertThat(listener.statusesOf(run.id())).containsExactly(QUEUED, IN_PROGRESS, COMPLETED);
        assertThat(sandboxes.running()).isZero();
    }
}
