package dev.errand.workspaces.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.OutputArtifact;
import dev.errand.spi.workspace.Changes;
import dev.errand.spi.workspace.Workspace;
import dev.errand.spi.workspace.WorkspaceProvider;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The sample of docs/launcher-guide.md works. */
class LauncherGuideTest extends AbstractWorkspaceTest {

    private long reported;

    @Test
    void launcherPreparesCollectsAndDiscards() {
        Path cacheDirectory = cache();
        LaunchRequest request = Requests.of("acme/mobile").build();
        Path directory = directory(request);

        RepositoryLocations locations =
                RepositoryLocations.of(
                        Map.of(
                                "acme/mobile",
                                bare().toString(),
                                "*",
                                "https://git.example.com/{repository}.git"));

        try (WorkspaceProvider workspaces =
                GitWorkspaces.builder(cacheDirectory, locations).push(true).build()) {
            // before the sandbox starts
            Workspace workspace = workspaces.prepare(request, directory).orElseThrow();
            runAgent(workspace.directory());
            // after the sandbox has exited
            Changes changes = workspaces.collect(workspace, request.secrets());
            report(changes.fileCount(), changes.patch());
            // together with the sandbox
            workspaces.discard(workspace.sandbox());
        }

        assertThat(reported).isEqualTo(1);
        assertThat(Shell.run(bare(), "git show " + BranchNames.workBranch(request) + ":file.txt"))
                .isEqualTo("fixed");
    }

    private void report(long fileCount, Optional<OutputArtifact> patch) {
        reported = fileCount;
        assertThat(patch).isPresent();
    }

    private static void runAgent(Path directory) {
        Shell.run(directory, "echo fixed > file.txt");
    }
}
