package dev.errand.workspaces.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.workspace.Changes;
import dev.errand.spi.workspace.Workspace;
import dev.errand.spi.workspace.WorkspaceException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A bare repository {@code acme/mobile} and a provider for it. */
abstract class AbstractWorkspaceTest {

    @TempDir Path root;

    private Optional<GitWorkspaces> open = Optional.empty();

    @BeforeEach
    void createRepository() {
        Shell.run(root.resolve("remote/acme"), "true");
        Shell.bareRepository(bare());
    }

    @AfterEach
    void closeProvider() {
        open.ifPresent(GitWorkspaces::close);
    }

    Path bare() {
        return root.resolve("remote/acme/mobile");
    }

    Path cache() {
        return root.resolve("cache");
    }

    GitWorkspacesBuilder builder() {
        return GitWorkspaces.builder(
                cache(), RepositoryLocations.ofTemplate(root + "/remote/{repository}"));
    }

    /** Builds the provider; closes the one that was built before. */
    GitWorkspaces open(GitWorkspacesBuilder builder) {
        open.ifPresent(GitWorkspaces::close);
        GitWorkspaces workspaces = builder.build();
        open = Optional.of(workspaces);
        return workspaces;
    }

    GitWorkspaces open() {
        return open(builder());
    }

    Path directory(LaunchRequest request) {
        return root.resolve("sandboxes").resolve(request.run().id().toString());
    }

    Workspace prepare(GitWorkspaces workspaces, Requests request) {
        LaunchRequest launch = request.build();
        return workspaces.prepare(launch, directory(launch)).orElseThrow();
    }

    Workspace prepare(GitWorkspaces workspaces) {
        return prepare(workspaces, Requests.of("acme/mobile"));
    }

    WorkspaceException failure(GitWorkspaces workspaces, Requests request) {
        WorkspaceException failure =
                catchThrowableOfType(WorkspaceException.class, () -> prepare(workspaces, request));
        assertThat(failure).as("the call fails").isNotNull();
        assertThat(directory(request.build())).as("nothing is left").doesNotExist();
        assertThat(workspaces.find(request.build().sandbox())).isEmpty();
        return failure;
    }

    static Changes collect(GitWorkspaces workspaces, Workspace workspace) {
        return workspaces.collect(workspace, Map.of());
    }

    static String patch(Changes changes) throws IOException {
        try (var content = changes.patch().orElseThrow().content().open()) {
            return new String(content.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    /** Returns the names of the tickets, lock files and temporary files in the cache. */
    List<Path> leftovers() throws IOException {
        return FileTrees.files(cache()).stream()
                .filter(
                        file -> {
                            String name = file.getFileName().toString();
                            return name.endsWith(".lock") && !name.equals(".errand-git.lock")
                                    || name.startsWith(Area.TICKET)
                                    || name.startsWith(Area.SCRATCH)
                                    || name.startsWith("tmp_")
                                    || name.endsWith(".keep")
                                    || name.equals("updating");
                        })
                .toList();
    }
}
