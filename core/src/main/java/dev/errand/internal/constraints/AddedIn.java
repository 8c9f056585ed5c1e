package dev.errand.internal.constraints;

import dev.errand.profile.ApiProfile;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a member of a request or response that earlier profiles do not have: they ignore it in
 * requests and omit it from responses (docs/wire/compatibility.md#l0).
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({
    ElementType.RECORD_COMPONENT,
    ElementType.FIELD,
    ElementType.METHOD,
    ElementType.PARAMETER
})
public @interface AddedIn {

    /** The first profile that has the member. */
    ApiProfile value();
}
