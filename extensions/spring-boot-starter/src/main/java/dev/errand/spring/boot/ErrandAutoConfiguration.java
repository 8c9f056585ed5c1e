package dev.errand.spring.boot;

import dev.errand.Errand;
import dev.errand.config.LinkProvider;
import dev.errand.objects.file.FileObjectStore;
import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.ObjectStore;
import dev.errand.spi.project.Project;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.run.RunListener;
import dev.errand.spi.store.Backend;
import jakarta.validation.Validator;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.util.function.SingletonSupplier;

/** The engine, the object store and the projects. */
@AutoConfiguration(
        after = ErrandJdbcAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.autoconfigure.validation.ValidationAutoConfiguration",
            "org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration"
        })
@ConditionalOnProperty(name = "errand.enabled", matchIfMissing = true)
@ConditionalOnBean(Backend.class)
@EnableConfigurationProperties(ErrandProperties.class)
class ErrandAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    ErrandKeys errandKeys(ErrandProperties properties) {
        return ErrandKeys.of(properties.key(), properties.previousKeys());
    }

    @Bean
    @ConditionalOnMissingBean
    ObjectStore errandObjectStore(ErrandProperties properties, ErrandKeys keys, Backend backend) {
        Path directory = properties.objects().directory();
        if (directory == null) {
            throw new IllegalStateException(
                    "set the property errand.objects.directory, or define a bean of type ObjectStore");
        }
        return FileObjectStore.open(directory, backend.clock(), keys.objects());
    }

    @Bean
    @ConditionalOnMissingBean
    ProjectDirectory errandProjectDirectory(ErrandProperties properties) {
        if (properties.projects().isEmpty()) {
            throw new IllegalStateException(
                    "set the property errand.projects.1 to the name of project 1, or define a bean of type ProjectDirectory");
        }
        return ProjectDirectory.of(
                properties.projects().entrySet().stream()
                        .map(it -> new Project(ProjectId.of(it.getKey()), it.getValue()))
                        .toArray(Project[]::new));
    }

    /**
     * Creates the engine. The host's listeners are looked up when the first event is delivered, so
     * that a listener can itself depend on the engine.
     */
    @Bean
    @ConditionalOnMissingBean
    Errand errand(
            Backend backend,
            ObjectStore objects,
            ProjectDirectory directory,
            ErrandKeys keys,
            ObjectProvider<LinkProvider> links,
            ObjectProvider<Validator> validator,
            ObjectProvider<ErrandBuilderCustomizer> customizers,
            ListableBeanFactory beans) {
        Errand.Builder builder =
                Errand.builder(backend, objects, directory).sandboxTokenKey(keys.sandboxTokens());
        links.ifAvailable(builder::links);
        validator.ifUnique(builder::validator);
        for (String name : beans.getBeanNamesForType(RunListener.class, true, false)) {
            Supplier<RunListener> listener =
                    SingletonSupplier.of(() -> beans.getBean(name, RunListener.class));
            builder.listener(event -> listener.get().onEvent(event));
        }
        customizers.orderedStream().forEach(it -> it.customize(builder));
        return builder.build();
    }
}
