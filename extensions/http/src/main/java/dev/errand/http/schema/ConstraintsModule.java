package dev.errand.http.schema;

import com.github.victools.jsonschema.generator.MemberScope;
import com.github.victools.jsonschema.module.jakarta.validation.JakartaValidationModule;
import dev.errand.internal.constraints.ValidText;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Adds the limits of bean validation constraints to a schema. Requests declare constraints on type
 * arguments, as in {@code Optional<@Size String>}; the library itself reads those of list elements
 * only.
 */
final class ConstraintsModule extends JakartaValidationModule {

    @Override
    protected <A extends Annotation> @Nullable A getAnnotationFromFieldOrGetter(
            MemberScope<?, ?> member,
            Class<A> annotation,
            Function<A, Class<?>[]> validationGroups) {
        if (member.isFakeContainerItemScope() || !RecordMember.isDeclaredBy(member)) {
            return super.getAnnotationFromFieldOrGetter(member, annotation, validationGroups);
        }
        AnnotatedElement value = RecordMember.of(member).annotatedValue();
        return value.getAnnotation(annotation);
    }

    /**
     * Returns the limit in characters. Jakarta Validation has no constraint that counts characters.
     */
    @Override
    protected @Nullable Integer resolveStringMaxLength(MemberScope<?, ?> member) {
        ValidText limit =
                getAnnotationFromFieldOrGetter(member, ValidText.class, ValidText::groups);
        return limit == null || limit.max() == Integer.MAX_VALUE ? null : limit.max();
    }

    /**
     * Returns null: the published description does not express a non-blank text as a minimum
     * length.
     */
    @Override
    protected @Nullable Integer resolveStringMinLength(MemberScope<?, ?> member) {
        return null;
    }
}
