/** Callers, the scopes of their credentials, and the tokens of sandboxes. */
package dev.errand.access;
