package dev.errand.server.schema;

import com.github.victools.jsonschema.generator.MemberScope;
import com.github.victools.jsonschema.module.jakarta.validation.JakartaValidationModule;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.util.function.Function;
import org.hibernate.validator.constraints.CodePointLength;
import org.jspecify.annotations.Nullable;

/**
 * Limits from bean validation. Requests declare them on the value, {@code Optional<@Size String>},
 * where the library looks for those of lists only.
 */
final class ConstraintsModule extends JakartaValidationModule {

    @Override
    protected <A extends Annotation> @Nullable A getAnnotationFromFieldOrGetter(
            MemberScope<?, ?> member,
            Class<A> annotation,
            Function<A, Class<?>[]> validationGroups) {
        if (member.isFakeContainerItemScope() || !RequestMember.isDeclaredBy(member)) {
            return super.getAnnotationFromFieldOrGetter(member, annotation, validationGroups);
        }
        AnnotatedElement value = RequestMember.of(member).annotatedValue();
        return value.getAnnotation(annotation);
    }

    /** The contract limits texts in characters, which Jakarta Validation has no constraint for. */
    @Override
    protected @Nullable Integer resolveStringMaxLength(MemberScope<?, ?> member) {
        CodePointLength limit =
                getAnnotationFromFieldOrGetter(
                        member, CodePointLength.class, CodePointLength::groups);
        return limit == null || limit.max() == Integer.MAX_VALUE ? null : limit.max();
    }

    /** The published description tells that a text must not be blank in words, not as a length. */
    @Override
    protected @Nullable Integer resolveStringMinLength(MemberScope<?, ?> member) {
        return null;
    }
}
