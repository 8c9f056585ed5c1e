/**
 * Artifacts: the operations, their requests and results. Start with {@link
 * dev.errand.artifact.StagedArtifacts} for files that are uploaded before a run, and {@link
 * dev.errand.artifact.RunArtifacts} for files of a run.
 */
@NullMarked
package dev.errand.artifact;

import org.jspecify.annotations.NullMarked;
