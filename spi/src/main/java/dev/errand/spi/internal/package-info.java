/** Implementation shared by Errand's own modules; not part of the API. */
package dev.errand.spi.internal;
