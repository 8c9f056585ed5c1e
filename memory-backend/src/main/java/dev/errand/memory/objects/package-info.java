/** {@link dev.errand.memory.objects.InMemoryObjectStore}, an object store without durability. */
@NullMarked
package dev.errand.memory.objects;

import org.jspecify.annotations.NullMarked;
