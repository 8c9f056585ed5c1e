/**
 * A backend that stores all data in one file: the calls that may have changed data, in order.
 * {@link dev.errand.examples.filebackend.FileBackend} implements the ports, {@code Journal} is the
 * file, and {@code Call} is one entry.
 */
package dev.errand.examples.filebackend;
