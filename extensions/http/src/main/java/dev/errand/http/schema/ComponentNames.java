package dev.errand.http.schema;

import com.fasterxml.classmate.ResolvedType;
import com.fasterxml.classmate.TypeResolver;
import com.github.victools.jsonschema.generator.Module;
import com.github.victools.jsonschema.generator.SchemaGenerationContext;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.impl.DefinitionKey;
import com.github.victools.jsonschema.generator.naming.SchemaDefinitionNamingStrategy;
import dev.errand.spi.run.ExecutionMode;
import dev.errand.spi.run.PermissionMode;
import dev.errand.spi.run.RunEnvironment;
import java.lang.reflect.Type;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Names schema components as the published description does. The name of an enum contains the
 * request and the member if other requests allow only some of its values.
 */
final class ComponentNames implements Module, SchemaDefinitionNamingStrategy {

    private final String prefix;
    private final Optional<Class<? extends Record>> request;

    /**
     * Creates the names.
     *
     * @param prefix the name of the request, or what enums of responses have in its place
     * @param request the request; empty for responses
     */
    ComponentNames(String prefix, Optional<Class<? extends Record>> request) {
        this.prefix = prefix;
        this.request = request;
    }

    @Override
    public void applyToConfigBuilder(SchemaGeneratorConfigBuilder builder) {
        builder.forTypesInGeneral().withDefinitionNamingStrategy(this);
    }

    @Override
    public String getDefinitionNameForKey(DefinitionKey key, SchemaGenerationContext context) {
        Class<?> component = key.getType().getErasedType();
        if (request.equals(Optional.of(component))) {
            return prefix;
        }
        if (component == RunEnvironment.class) {
            return prefix + "EnvironmentEnum";
        }
        if (component == PermissionMode.class) {
            return prefix + "InitialPermissionModeEnum";
        }
        if (component == ExecutionMode.class) {
            return "TaskExecutionModeEnum";
        }
        return component.isEnum() ? component.getSimpleName() + "Enum" : name(key.getType());
    }

    /** Returns the name of a response. */
    static String of(Class<?> view, Type... arguments) {
        return name(new TypeResolver().resolve(view, arguments));
    }

    /** Returns the name of a record: without "View", and a page after its elements. */
    private static String name(ResolvedType type) {
        String simple = type.getErasedType().getSimpleName().replaceFirst("View$", "");
        return type.getTypeParameters().stream()
                .map(ComponentNames::name)
                .collect(Collectors.joining())
                .concat(simple);
    }
}
