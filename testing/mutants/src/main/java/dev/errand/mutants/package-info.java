/**
 * Deliberately broken ports, rules and dispatchers, each with one realistic defect. The contract
 * tests must detect every one: a {@link dev.errand.mutants.Mutant} that survives is a gap in the
 * tests. This module is not published. Start with {@link dev.errand.mutants.Mutants}.
 */
package dev.errand.mutants;
