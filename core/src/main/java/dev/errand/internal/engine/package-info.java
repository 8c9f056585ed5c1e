/** The operations of the API: check access, validate, decide, store, notify. */
package dev.errand.internal.engine;
