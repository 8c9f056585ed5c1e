package dev.errand.process;

import dev.errand.spi.workspace.WorkspaceProvider;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of a launcher.
 *
 * @param workDirectory the absolute path of the work directory
 * @param programs the programs of agents
 * @param variables the part of the environment that is the same for all agents
 * @param isTemporary whether the work directory is deleted with the launcher
 * @param host the variables of which profiles pass on some
 * @param workspaces where agents work; empty if they start in an empty directory
 */
record LauncherSettings(
        Path workDirectory,
        AgentPrograms programs,
        Clock clock,
        Map<String, String> variables,
        Map<String, String> host,
        ResultLimits resultLimits,
        ResourceLimits resourceLimits,
        CleanupPolicy cleanupPolicy,
        Duration keepFor,
        CloseAction closeAction,
        Duration grace,
        LauncherTiming timing,
        boolean isTemporary,
        Optional<WorkspaceProvider> workspaces) {

    /** Omits the variables, which may contain credentials. */
    @Override
    public String toString() {
        return "LauncherSettings[" + workDirectory + ", " + programs.names() + "]";
    }
}
