/**
 * Workspaces by the git program: a mirror of each repository, and a checkout for each attempt of a
 * run.
 *
 * <p>Read {@link dev.errand.workspaces.git.GitWorkspaces} first. Inside, {@code Mirror} is the
 * local copy of a repository, {@code Checkout} creates the directory of an agent, {@code
 * ChangeCollector} compares it afterwards, and {@code GitCall} is the only class that starts
 * processes.
 */
@NullMarked
package dev.errand.workspaces.git;

import org.jspecify.annotations.NullMarked;
