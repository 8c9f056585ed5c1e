/**
 * A launcher whose sandboxes are processes of the operating system, each in a directory of its own.
 *
 * <p>Read {@link dev.errand.process.ProcessLauncher} first, then PROTOCOL.md of this module, which
 * says what an agent finds and what it may leave. Inside, {@code Sandbox} is one execution, {@code
 * Watcher} sees to its end, {@code Teller} hands on what it prints.
 */
package dev.errand.process;
