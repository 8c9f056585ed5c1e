package dev.errand.mutants;

import dev.errand.process.AgentCommand;
import dev.errand.process.CloseAction;
import dev.errand.process.ProcessLauncher;
import dev.errand.spi.sandbox.SandboxLauncher;
import dev.errand.tck.sandbox.Agent;
import dev.errand.tck.sandbox.SandboxLauncherContract;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** The launcher contract on the current mutant of {@link MutantRunner}; sandboxes are shells. */
class LauncherContractOnMutant extends SandboxLauncherContract {

    @TempDir Path directory;

    @Override
    protected SandboxLauncher open() {
        return MutantProxies.launcher(
                MutantRunner.current(),
                ProcessLauncher.builder(
                                directory.resolve("sandboxes"), AgentCommand.of(List.of("/bin/sh")))
                        .closeAction(CloseAction.LEAVE_RUNNING)
                        .build());
    }

    @Override
    protected String prompt(Agent agent) {
        return switch (agent) {
            case PRINTS_AND_EXITS -> "echo one; echo two; echo oops >&2";
            case FAILS -> "echo begun; exit 3";
            case WAITS -> "echo begun; sleep 60";
            case IGNORES_STOP -> "trap '' TERM INT HUP; echo begun; sleep 60";
            case PRINTS_ATTACHMENTS -> "for f in $ERRAND_ATTACHMENTS_DIR/*; do cat $f; echo; done";
            case PRINTS_USER_TOKEN -> "cat $ERRAND_SECRETS_DIR/github_user_token; echo";
            case PRINTS_API_TOKEN -> "cat $ERRAND_API_TOKEN_FILE; echo";
            case WRITES_OUTPUT -> "echo '{\"answer\": 42}' > $ERRAND_OUTPUT_FILE";
            case WRITES_ARTIFACTS ->
                    "cd $ERRAND_ARTIFACTS_DIR; echo second > b.txt; echo first > a.txt";
            case WRITES_UNCOLLECTABLE_OUTPUT -> "mkdir $ERRAND_OUTPUT_FILE";
        };
    }

    @Override
    protected boolean sandboxesOutliveLauncher() {
        return true;
    }
}
