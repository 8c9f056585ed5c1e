/**
 * The engine over a backend: what its operations and its dispatcher promise. Read {@link
 * dev.errand.tck.engine.DispatchContract} first.
 */
package dev.errand.tck.engine;
