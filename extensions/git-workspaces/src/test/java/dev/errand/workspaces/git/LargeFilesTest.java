package dev.errand.workspaces.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.errand.spi.workspace.Changes;
import dev.errand.spi.workspace.Workspace;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files of Git LFS, if git-lfs is installed. */
class LargeFilesTest extends AbstractWorkspaceTest {

    @BeforeEach
    void createLargeFile() {
        assumeThat(Shell.run(root, "command -v git-lfs || true"))
                .as("git-lfs is installed")
                .isNotEmpty();
        Shell.commit(
                bare(),
                "git lfs install --local && git lfs track '*.bin' && seq 1 1000 > large.bin");
    }

    @Test
    void largeFilesAreCheckedOutIfRequested() throws IOException {
        GitWorkspaces workspaces = open(builder().largeFiles(true));

        Workspace workspace = prepare(workspaces);

        assertThat(workspace.directory().resolve("large.bin")).content().startsWith("1\n2\n");
        assertThat(collect(workspaces, workspace).fileCount()).as("pointers are equal").isZero();
        Shell.run(workspace.directory(), "seq 1 2000 > large.bin");
        Changes changes = collect(workspaces, workspace);
        assertThat(changes.fileCount()).isEqualTo(1);
        assertThat(patch(changes)).contains("oid sha256:");
    }

    @Test
    void otherwisePointersAreCheckedOut() {
        assertThat(prepare(open()).directory().resolve("large.bin"))
                .content()
                .startsWith("version https://git-lfs");
    }
}
