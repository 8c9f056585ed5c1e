/**
 * A backend that keeps everything in one file: the calls that may have changed something, in their
 * order. {@link dev.errand.examples.filebackend.FileBackend} answers, {@code Journal} is the file,
 * {@code Call} is one entry of it.
 */
package dev.errand.examples.filebackend;
