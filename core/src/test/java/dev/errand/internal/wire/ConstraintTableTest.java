package dev.errand.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.errand.internal.constraints.ValidText;
import jakarta.validation.constraints.Positive;
import jakarta.validation.metadata.BeanDescriptor;
import jakarta.validation.metadata.ConstraintDescriptor;
import jakarta.validation.metadata.ContainerDescriptor;
import jakarta.validation.metadata.ElementDescriptor;
import jakarta.validation.metadata.PropertyDescriptor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConstraintTableTest {

    @ParameterizedTest
    @EnumSource
    void everyDeclaredConstraintHasAnError(Requests request) {
        BeanDescriptor bean =
                RequestValidator.defaultValidator().getConstraintsForClass(request.type());
        List<ElementDescriptor> elements = new ArrayList<>(List.of(bean));
        bean.getConstrainedProperties().forEach(it -> elements.addAll(withContents(it)));
        for (ElementDescriptor element : elements) {
            for (ConstraintDescriptor<?> constraint : element.getConstraintDescriptors()) {
                assertThatCode(
                                () ->
                                        ConstraintTable.rank(
                                                constraint.getAnnotation().annotationType()))
                        .doesNotThrowAnyException();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyTextMustBeStorable(Requests request) {
        BeanDescriptor bean =
                RequestValidator.defaultValidator().getConstraintsForClass(request.type());
        for (String member : request.members()) {
            String component = request.component(member).getName();
            boolean isText =
                    request.component(member).getGenericType().toString().contains("String");
            PropertyDescriptor property = bean.getConstraintsForProperty(component);
            if (isText) {
                assertThat(withContents(property))
                        .as(request + "." + member)
                        .anySatisfy(
                                it ->
                                        assertThat(it.getConstraintDescriptors())
                                                .anyMatch(
                                                        constraint ->
                                                                constraint.getAnnotation()
                                                                        instanceof ValidText));
            }
        }
    }

    @Test
    void aConstraintWithoutAnErrorIsRejected() {
        assertThatIllegalStateException()
                .isThrownBy(() -> ConstraintTable.rank(Positive.class))
                .withMessageContaining("Positive");
    }

    private static <E extends ElementDescriptor & ContainerDescriptor>
            List<ElementDescriptor> withContents(E element) {
        List<ElementDescriptor> all = new ArrayList<>(List.of(element));
        element.getConstrainedContainerElementTypes().forEach(it -> all.addAll(withContents(it)));
        return all;
    }
}
