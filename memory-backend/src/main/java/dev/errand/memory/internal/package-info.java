/** What {@link java.util.ServiceLoader} needs to see and nobody else. */
package dev.errand.memory.internal;
