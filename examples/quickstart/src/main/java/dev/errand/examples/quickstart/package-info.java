/**
 * A complete task on a real repository, from a client's point of view. Start with {@link
 * dev.errand.examples.quickstart.Quickstart}; {@code TasksClient} is a complete client of the API.
 */
package dev.errand.examples.quickstart;
