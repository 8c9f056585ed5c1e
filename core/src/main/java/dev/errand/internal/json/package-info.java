/**
 * JSON that Errand does not interpret, and the normalisation of texts.
 *
 * <p>The package knows the JSON library and nothing of the domain.
 */
@NullMarked
package dev.errand.internal.json;

import org.jspecify.annotations.NullMarked;
