/**
 * The reference backend, written to be read beside the storage ports of {@code dev.errand.spi}.
 *
 * <p>{@link dev.errand.memory.InMemoryBackend} is the entry. {@code Storage} holds all data and is
 * the one lock. Each port has one class named after it, whose methods synchronize on the storage
 * and then work on plain maps and sorted maps: {@code ProjectData} per project, {@code TaskData}
 * and {@code RunData} per task and run, and {@code DispatchQueue} with one {@code ProjectQueue} per
 * project for claims.
 */
@NullMarked
package dev.errand.memory;

import org.jspecify.annotations.NullMarked;
