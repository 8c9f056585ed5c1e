package dev.errand.mutants;

import dev.errand.process.AgentCommand;
import dev.errand.process.CloseAction;
import dev.errand.process.ProcessLauncher;
import dev.errand.spi.dispatch.SandboxLauncher;
import dev.errand.tck.sandbox.Agent;
import dev.errand.tck.sandbox.SandboxLauncherContract;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** The contract of launchers on a mutant, whose sandboxes are shells; played by a {@link Hunt}. */
class BrokenLauncher extends SandboxLauncherContract {

    @TempDir Path directory;

    @Override
    protected SandboxLauncher open() {
        return Broken.launcher(
                Hunt.hunted(),
                ProcessLauncher.builder(
                                directory.resolve("sandboxes"), AgentCommand.of(List.of("/bin/sh")))
                        .closeAction(CloseAction.LEAVE_RUNNING)
                        .build());
    }

    @Override
    protected String agent(Agent does) {
        return switch (does) {
            case PRINTS_AND_ENDS -> "echo one; echo two; echo oops >&2";
            case FAILS -> "echo begun; exit 3";
            case WAITS -> "echo begun; sleep 60";
            case IGNORES_STOP -> "trap '' TERM INT HUP; echo begun; sleep 60";
        };
    }

    @Override
    protected boolean outliveTheirLauncher() {
        return true;
    }
}
