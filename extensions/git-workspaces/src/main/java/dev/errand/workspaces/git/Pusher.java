package dev.errand.workspaces.git;

import dev.errand.spi.workspace.Changes.Push;
import dev.errand.spi.workspace.WorkspaceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Pushes commits to the remote repository, never by force. */
final class Pusher {

    private final CollectorRepository repository;
    private final RepositoryLocation location;
    private final GitSettings settings;

    Pusher(CollectorRepository repository, RepositoryLocation location, GitSettings settings) {
        this.repository = repository;
        this.location = location;
        this.settings = settings;
    }

    /** Makes a commit the head of a branch of the remote repository. */
    Push push(String commit, String branch, Optional<Credential> credential) {
        if (credential.isEmpty() && location.protocol().startsWith("http")) {
            return new Push.NoCredential();
        }
        String action = "push to the repository " + location.repository();
        try {
            repository
                    .call(arguments(commit + ":" + RemoteRefs.BRANCHES + branch))
                    .connect(location, credential)
                    .timeLimit(settings.networkTimeLimit())
                    .run(action)
                    .orThrow(action);
            return new Push.Pushed(branch);
        } catch (WorkspaceException failure) {
            return new Push.Failed(String.valueOf(failure.getMessage()));
        }
    }

    private String[] arguments(String refspec) {
        List<String> arguments = new ArrayList<>(List.of("push", "--quiet", "--no-verify"));
        if (location.isLocal()) {
            // The hooks of the remote repository are the operator's, so they apply.
            arguments.add("--receive-pack=env -u GIT_CONFIG_GLOBAL git-receive-pack");
        }
        arguments.addAll(List.of("--end-of-options", location.url(), refspec));
        return arguments.toArray(String[]::new);
    }
}
