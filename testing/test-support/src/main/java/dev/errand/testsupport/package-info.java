/** The seed of all property tests, so that the same build gives the same answers. */
package dev.errand.testsupport;
