/**
 * Objects kept in memory, for tests and for hosts whose artifacts may go when the process goes.
 * {@link dev.errand.memory.objects.InMemoryObjectStore} is all there is.
 */
@NullMarked
package dev.errand.memory.objects;

import org.jspecify.annotations.NullMarked;
