/** Contract tests for sandbox launchers. */
@NullMarked
package dev.errand.tck.sandbox;

import org.jspecify.annotations.NullMarked;
