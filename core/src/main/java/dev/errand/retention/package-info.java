/**
 * Retention: {@link dev.errand.retention.Housekeeper} erases data as a {@link
 * dev.errand.retention.RetentionPolicy} says.
 */
@NullMarked
package dev.errand.retention;

import org.jspecify.annotations.NullMarked;
