package dev.errand.server.schema;

import com.github.victools.jsonschema.generator.Module;
import com.github.victools.jsonschema.generator.SchemaGenerationContext;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.impl.DefinitionKey;
import com.github.victools.jsonschema.generator.naming.SchemaDefinitionNamingStrategy;
import dev.errand.spi.run.ExecutionMode;
import dev.errand.spi.run.PermissionMode;
import dev.errand.spi.run.RunEnvironment;

/**
 * Names schema components as the published description does. The name of an enum contains the
 * request and the member if other requests allow only some of its values.
 */
final class ComponentNames implements Module, SchemaDefinitionNamingStrategy {

    private final String request;
    private final Class<? extends Record> type;

    ComponentNames(String request, Class<? extends Record> type) {
        this.request = request;
        this.type = type;
    }

    @Override
    public void applyToConfigBuilder(SchemaGeneratorConfigBuilder builder) {
        builder.forTypesInGeneral().withDefinitionNamingStrategy(this);
    }

    @Override
    public String getDefinitionNameForKey(DefinitionKey key, SchemaGenerationContext context) {
        Class<?> component = key.getType().getErasedType();
        if (component == type) {
            return request;
        }
        if (component == RunEnvironment.class) {
            return request + "EnvironmentEnum";
        }
        if (component == PermissionMode.class) {
            return request + "InitialPermissionModeEnum";
        }
        if (component == ExecutionMode.class) {
            return "TaskExecutionModeEnum";
        }
        return component.getSimpleName() + "Enum";
    }
}
