/** {@link dev.errand.memory.objects.InMemoryObjectStore}, an object store without durability. */
package dev.errand.memory.objects;
