/**
 * Staged artifacts, and the rules of names, sizes, keys and tags. Read {@link
 * dev.errand.artifact.StagedArtifacts} first.
 */
package dev.errand.artifact;
