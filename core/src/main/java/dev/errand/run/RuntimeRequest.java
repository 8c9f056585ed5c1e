package dev.errand.run;

import dev.errand.spi.run.PermissionMode;
import java.util.Optional;

/**
 * A request that selects the runtime of a run: the members that the class-level constraints read.
 */
public sealed interface RuntimeRequest permits CreateRunRequest, RunTaskRequest {

    /** The selected runtime, which may be incomplete. */
    RuntimeSelection selection();

    /** Further settings of the agent. */
    AgentSettings agentSettings();

    /** The agent's initial permission mode. */
    Optional<PermissionMode> initialPermissionMode();
}
