/**
 * Sandboxes and the port that starts them. Read {@link dev.errand.spi.sandbox.SandboxLauncher}
 * first.
 */
@NullMarked
package dev.errand.spi.sandbox;

import org.jspecify.annotations.NullMarked;
