/** Building blocks of request records. */
@NullMarked
package dev.errand.request;

import org.jspecify.annotations.NullMarked;
