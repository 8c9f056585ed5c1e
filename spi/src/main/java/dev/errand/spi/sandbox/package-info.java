/**
 * Sandboxes and the port that starts them. Start with {@link
 * dev.errand.spi.sandbox.SandboxLauncher}.
 */
@NullMarked
package dev.errand.spi.sandbox;

import org.jspecify.annotations.NullMarked;
