/**
 * Engine scenarios: operations and dispatching, tested through an engine on a real backend. A
 * backend implements {@link dev.errand.testing.engine.EngineFactory} and extends {@link
 * dev.errand.testing.engine.EngineContracts}, {@link dev.errand.testing.engine.DispatchContracts}
 * and each {@code …Properties} class. Rules that need no stored data are tested in core. Tests cite
 * clauses of docs/wire and invariants of docs/invariants.md.
 */
package dev.errand.testing.engine;
