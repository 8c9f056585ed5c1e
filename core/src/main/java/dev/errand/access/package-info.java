/**
 * Callers and their permissions, and the tokens of sandboxes. Start with {@link
 * dev.errand.access.Caller}.
 */
package dev.errand.access;
