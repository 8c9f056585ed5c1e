/** The versions of the HTTP API that one engine can serve (docs/wire/compatibility.md#l0). */
@NullMarked
package dev.errand.profile;

import org.jspecify.annotations.NullMarked;
