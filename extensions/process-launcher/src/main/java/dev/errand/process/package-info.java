/**
 * A launcher whose sandboxes are processes of the operating system, each in a directory of its own.
 *
 * <p>Read {@link dev.errand.process.ProcessLauncher} first, then PROTOCOL.md of this module, which
 * specifies what an agent receives and what it may leave. Inside, {@code Sandbox} is one attempt of
 * a run, {@code SandboxWatcher} manages its processes, and {@code OutputForwarder} forwards its
 * output to the listener.
 */
@NullMarked
package dev.errand.process;

import org.jspecify.annotations.NullMarked;
