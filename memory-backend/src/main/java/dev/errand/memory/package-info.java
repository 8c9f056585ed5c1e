/**
 * The reference backend: the contract of the storage ports in its plainest form, to be read beside
 * them. {@link dev.errand.memory.InMemoryBackend} is the entry; each port has one class of its
 * name, {@code ProjectMemory} holds what one project has, and {@code RunCell} with its {@code
 * Stand} is where every change of a run is decided.
 *
 * <p>There is no lock over everything. A run changes by compare-and-set on its cell; a task's own
 * changes and the insertion of its runs take turns on the task; lists and queues are locked for
 * single insertions and removals only.
 */
package dev.errand.memory;
