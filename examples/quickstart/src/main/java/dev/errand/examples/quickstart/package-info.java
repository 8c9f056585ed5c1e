/**
 * The main job of Errand on a real repository, seen from a client: start at {@link
 * dev.errand.examples.quickstart.Quickstart}, then read {@code TasksClient}, which is all that a
 * client of the API needs.
 */
package dev.errand.examples.quickstart;
