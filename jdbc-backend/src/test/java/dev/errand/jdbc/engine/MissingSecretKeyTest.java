package dev.errand.jdbc.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.Errand;
import dev.errand.ProjectClient;
import dev.errand.access.Caller;
import dev.errand.dispatch.DispatchOptions;
import dev.errand.dispatch.Dispatcher;
import dev.errand.jdbc.JdbcBackend;
import dev.errand.jdbc.SecretKeys;
import dev.errand.jdbc.database.TestDatabase;
import dev.errand.memory.objects.InMemoryObjectStore;
import dev.errand.run.RunTaskRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.project.Project;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.PrAuthorshipMode;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.task.CreateTaskRequest;
import dev.errand.testkit.FakeLauncher;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/**
 * A run whose secrets cannot be decrypted fails immediately with an error message that contains the
 * cause (docs/wire/runs.md#g6).
 */
class MissingSecretKeyTest {

    private static final ProjectId PROJECT = ProjectId.of(1);

    private final TestDatabase database = TestDatabase.h2(MissingSecretKeyTest.class);

    @Test
    void aRunWithoutItsSecretKeyFailsBeforeLaunch() {
        database.reset();
        TaskWithLatestRun queued;
        try (Backend backend = open("old", (byte) 1);
                Errand errand = errand(backend)) {
            queued =
                    project(errand)
                            .tasks()
                            .createAndRun(
                                    CreateTaskRequest.builder()
                                            .title("Fix")
                                            .repository("acme/mobile")
                                            .build(),
                                    RunTaskRequest.builder()
                                            .prAuthorshipMode(PrAuthorshipMode.USER)
                                            .githubUserToken("ghu_4f1c")
                                            .build());
        }
        FakeLauncher launcher = new FakeLauncher();
        try (Backend backend = open("new", (byte) 2);
                Errand errand = errand(backend);
                Dispatcher dispatcher = errand.dispatcher(launcher, DispatchOptions.of("node-1"))) {
            dispatcher.runOnce();

            Run run =
                    project(errand)
                            .runs()
                            .get(queued.task().id(), queued.latestRun().orElseThrow().id());
            assertThat(run.status()).isEqualTo(RunStatus.FAILED);
            assertThat(run.endReason()).contains(EndReason.LAUNCH_FAILED);
            assertThat(run.errorMessage().orElseThrow())
                    .startsWith("Failed to start task workflow: SecretStore: ")
                    .contains("old");
            assertThat(launcher.launches()).isEmpty();
        }
    }

    private Backend open(String keyId, byte key) {
        byte[] bytes = new byte[32];
        bytes[0] = key;
        return JdbcBackend.builder(database.dataSource())
                .secretKeys(SecretKeys.of(keyId, new SecretKeySpec(bytes, "AES")))
                .open();
    }

    private static Errand errand(Backend backend) {
        return Errand.builder(
                        backend,
                        InMemoryObjectStore.create(
                                backend.clock(), Secret.of("the signing key of the tests")),
                        ProjectDirectory.of(new Project(PROJECT, "Acme")))
                .build();
    }

    private static ProjectClient project(Errand errand) {
        return errand.project(PROJECT, Caller.host());
    }
}
