/** Contract tests of sandbox launchers. */
package dev.errand.tck.sandbox;
