package dev.errand.internal.constraints;

import dev.errand.request.Patch;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks an optional member of a request that may be an explicit JSON null, which means the same as
 * leaving it out (docs/wire/conventions.md#conventions). A {@link Patch} always takes null.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.PARAMETER})
public @interface NullAllowed {}
