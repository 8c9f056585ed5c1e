/**
 * Workspaces: the directories with a task's repository in which agents work, and the port that
 * prepares them. Start with {@link dev.errand.spi.workspace.WorkspaceProvider}.
 */
@NullMarked
package dev.errand.spi.workspace;

import org.jspecify.annotations.NullMarked;
