package dev.errand.process;

import static dev.errand.process.LaunchRequests.PROJECT;
import static dev.errand.process.LaunchRequests.aRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.errand.spi.sandbox.LaunchRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Kept directories are deleted when they expire. */
class ExpiredDirectoryCleanerTest extends AbstractLauncherTest {

    private static final Duration A_DAY = Duration.ofDays(1);

    private final LaunchRequest living = aRequest().build();

    @Test
    void onlyExpiredDirectoriesAreDeleted() throws Exception {
        ProcessLauncher before =
                open(builder("exec sleep 60").closeAction(CloseAction.LEAVE_RUNNING));
        before.launch(PROJECT, living, recorder);
        before.close();
        Path alive = old(files(living.sandbox()).root());
        Path oldKept = old(made("attempt_1.kept"));
        Path oldRest = old(made("attempt_2.kept-2"));
        Path oldOrphan = old(made("attempt_3"));
        Path youngKept = made("attempt_1.kept");
        Path youngOrphan = made("attempt_2");
        Path discarded = workDirectory().resolve(".discarded");
        Path oldMark = old(Files.createFile(Files.createDirectory(discarded).resolve("run.1")));
        Path youngMark = Files.createFile(discarded.resolve("run.2"));
        Path unrelated = old(Files.createDirectory(workDirectory().resolve("unrelated")));

        ProcessLauncher launcher = open(builder("true").keepFor(A_DAY));
        runToEnd(launcher, aRequest().build());

        await().until(() -> Files.notExists(oldKept));
        await().until(() -> Files.notExists(oldRest) && Files.notExists(oldOrphan));
        launcher.close();
        assertThat(oldKept.getParent().getParent()).as("and what held nothing else").doesNotExist();
        assertThat(alive).exists();
        assertThat(oldMark).doesNotExist();
        assertThat(youngMark).exists();
        assertThat(youngKept).exists();
        assertThat(youngOrphan).exists();
        assertThat(unrelated).exists();
        ProcessLauncher next = launcher("true");
        state(next, living.sandbox());
    }

    @Test
    void keepForMustBePositive() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder("true").keepFor(Duration.ZERO));
    }

    private Path made(String name) throws IOException {
        Path directory = files(aRequest().build().sandbox()).root().resolveSibling(name);
        PrivateFiles.createDirectories(directory.resolve("workspace"));
        return directory;
    }

    private static Path old(Path directory) throws IOException {
        Instant longAgo = Instant.now().minus(A_DAY.multipliedBy(2));
        return Files.setLastModifiedTime(directory, FileTime.from(longAgo));
    }
}
