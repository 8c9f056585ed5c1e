/** The dispatcher: claims runs, starts their sandboxes, and supervises them to their end. */
package dev.errand.internal.dispatch;
