/** What {@link java.util.ServiceLoader} needs to see and nobody else. */
@NullMarked
package dev.errand.memory.internal;

import org.jspecify.annotations.NullMarked;
