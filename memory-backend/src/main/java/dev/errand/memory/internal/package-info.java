/** Implementation classes that {@link java.util.ServiceLoader} loads. */
package dev.errand.memory.internal;
