/**
 * Every way in which the steps of a few calls can interleave, as far as time allows: each must
 * answer as the same calls would one after the other. Read {@link
 * dev.errand.memory.interleavings.Interleavings} first.
 */
package dev.errand.memory.interleavings;
