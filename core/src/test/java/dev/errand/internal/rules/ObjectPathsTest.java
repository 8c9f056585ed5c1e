package dev.errand.internal.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.Reservation;
import dev.errand.spi.run.RunId;
import dev.errand.spi.task.TaskId;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectPathsTest {

    private static final int MAX_STORAGE_PATH = 500;
    private static final int MAX_NAME = 255;

    private static final ProjectId PROJECT = ProjectId.of(7);
    private static final TaskId TASK =
            TaskId.parse("6f1c2b1e-3a54-4c0e-9a57-0c6f5b1d2e34").orElseThrow();
    private static final RunId RUN =
            RunId.parse("0b7d9a52-8c1f-4f6e-b0a3-5d2c7e9f1a46").orElseThrow();
    private static final ArtifactId ID = new ArtifactId("9f86d081884c7d659a2feaa0c55ad015");

    private final ObjectPaths paths = ObjectPaths.defaults();

    @Test
    void stagedArtifact() {
        assertThat(paths.staged(PROJECT, TASK, ID, "spec.pdf"))
                .isEqualTo(
                        "tasks/artifacts/team_7/task_6f1c2b1e-3a54-4c0e-9a57-0c6f5b1d2e34/staged/9f86d081884c7d659a2feaa0c55ad015/spec.pdf");
    }

    @Test
    void theKeyOfARunArtifactContainsTheWholeId() {
        assertThat(paths.runArtifact(PROJECT, TASK, RUN, ID, "spec.pdf"))
                .isEqualTo(
                        "tasks/artifacts/team_7/task_6f1c2b1e-3a54-4c0e-9a57-0c6f5b1d2e34/run_0b7d9a52-8c1f-4f6e-b0a3-5d2c7e9f1a46/9f86d081884c7d659a2feaa0c55ad015_spec.pdf");
    }

    @Test
    void theOlderKeyContainsEightDigits() {
        assertThat(paths.shortRunArtifact(PROJECT, TASK, RUN, ID, "spec.pdf"))
                .isEqualTo(
                        "tasks/artifacts/team_7/task_6f1c2b1e-3a54-4c0e-9a57-0c6f5b1d2e34/run_0b7d9a52-8c1f-4f6e-b0a3-5d2c7e9f1a46/9f86d081_spec.pdf");
    }

    @Test
    void aStagedKeyBelongsToNoRun() {
        Reservation staged = issued(paths.staged(PROJECT, TASK, ID, "a"));
        Reservation ofRun = issued(paths.runArtifact(PROJECT, TASK, RUN, ID, "a"));
        RunId other = RunId.of(TASK.value());

        assertThat(paths.isStaged(PROJECT, TASK, staged)).isTrue();
        assertThat(paths.isStaged(PROJECT, TASK, ofRun)).isFalse();
        assertThat(paths.isOfRun(PROJECT, TASK, RUN, ofRun)).isTrue();
        assertThat(paths.isOfRun(PROJECT, TASK, RUN, staged)).isFalse();
        assertThat(paths.isOfRun(PROJECT, TASK, other, ofRun)).isFalse();
    }

    private static Reservation issued(String key) {
        return new Reservation(TASK, ID, key, Instant.EPOCH);
    }

    @Test
    void runLog() {
        assertThat(paths.runLog(PROJECT, TASK, RUN))
                .isEqualTo(
                        "tasks/logs/team_7/task_6f1c2b1e-3a54-4c0e-9a57-0c6f5b1d2e34/run_0b7d9a52-8c1f-4f6e-b0a3-5d2c7e9f1a46.jsonl");
    }

    @Test
    void theFolderIsConfigurable() {
        assertThat(new ObjectPaths("env/prod-1").runLog(PROJECT, TASK, RUN))
                .startsWith("env/prod-1/logs/team_7/");
    }

    @Test
    void theLongestKeyFitsIntoAStoragePath() {
        ObjectPaths longest = new ObjectPaths("f".repeat(ObjectPaths.MAX_FOLDER_LENGTH));
        ProjectId last = ProjectId.of(Long.MAX_VALUE);
        String name = "n".repeat(MAX_NAME);
        assertThat(longest.staged(last, TASK, ID, name)).hasSizeLessThanOrEqualTo(MAX_STORAGE_PATH);
        assertThat(longest.runArtifact(last, TASK, RUN, ID, name))
                .hasSizeLessThanOrEqualTo(MAX_STORAGE_PATH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "/", "a/", "/a", "a//b", ".", "..", "a/../b", "a b", "a\\b"})
    void anyOtherFolderIsRejected(String folder) {
        assertThatIllegalArgumentException().isThrownBy(() -> new ObjectPaths(folder));
    }

    @Test
    void aFolderThatIsTooLongIsRejected() {
        String folder = "f".repeat(ObjectPaths.MAX_FOLDER_LENGTH + 1);
        assertThatIllegalArgumentException().isThrownBy(() -> new ObjectPaths(folder));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "a/b", "a\\b", " a", "a\u0000"})
    void anUnsafeNameNeverBecomesPartOfAKey(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> paths.staged(PROJECT, TASK, ID, name));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> paths.runArtifact(PROJECT, TASK, RUN, ID, name));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> paths.shortRunArtifact(PROJECT, TASK, RUN, ID, name));
    }
}
