/**
 * The contract tests of object stores. {@link dev.errand.tck.objects.LocalObjectStoreContract}
 * proves a store that signs its own forms and links.
 */
@NullMarked
package dev.errand.tck.objects;

import org.jspecify.annotations.NullMarked;
