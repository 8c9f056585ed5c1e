/**
 * The mapping between the wire's JSON and Java: the binding of request bodies to request records,
 * their validation, the violations that both find, and the views that responses are written from.
 */
@NullMarked
package dev.errand.internal.wire;

import org.jspecify.annotations.NullMarked;
