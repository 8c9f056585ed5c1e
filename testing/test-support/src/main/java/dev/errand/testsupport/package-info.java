/** One random seed for all property tests, so that a build can be repeated. */
package dev.errand.testsupport;
