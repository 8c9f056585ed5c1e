/**
 * Deliberately broken storage and launchers, each with one defect that systems of this kind really
 * have. The contract tests must catch every one: a {@link dev.errand.mutants.Mutant} that survives
 * is a hole in the tests. Not published. Read {@link dev.errand.mutants.Mutants} first.
 */
package dev.errand.mutants;
