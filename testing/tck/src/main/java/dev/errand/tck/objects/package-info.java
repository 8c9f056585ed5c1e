/**
 * Contract tests for object stores. The test of an object store that signs its own forms and links
 * extends {@link dev.errand.tck.objects.LocalObjectStoreContract}.
 */
@NullMarked
package dev.errand.tck.objects;

import org.jspecify.annotations.NullMarked;
