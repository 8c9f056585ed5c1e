/** Implementation classes that {@link java.util.ServiceLoader} loads. */
@NullMarked
package dev.errand.memory.internal;

import org.jspecify.annotations.NullMarked;
