/**
 * The reference backend. It is kept simple, so that it can be read as an example implementation of
 * the storage ports in {@code dev.errand.spi.store}.
 *
 * <p>{@link dev.errand.memory.InMemoryBackend} is the entry point. {@code Storage} holds all data
 * and is the one lock. Each port has one class named after it, whose methods synchronize on the
 * storage and then work on plain maps and sorted maps: {@code ProjectData} per project, {@code
 * TaskData} and {@code RunData} per task and run, and {@code DispatchQueue} with one {@code
 * ProjectQueue} per project for claims.
 */
@NullMarked
package dev.errand.memory;

import org.jspecify.annotations.NullMarked;
