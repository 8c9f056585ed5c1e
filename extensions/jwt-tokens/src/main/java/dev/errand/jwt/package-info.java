/** Connection tokens as JWTs. Start with {@link dev.errand.jwt.RsaConnectionTokens}. */
@NullMarked
package dev.errand.jwt;

import org.jspecify.annotations.NullMarked;
