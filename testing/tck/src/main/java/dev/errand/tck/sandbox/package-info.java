/** Contract tests for sandbox launchers. */
package dev.errand.tck.sandbox;
