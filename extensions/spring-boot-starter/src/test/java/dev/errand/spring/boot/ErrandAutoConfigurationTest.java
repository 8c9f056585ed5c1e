package dev.errand.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.errand.Errand;
import dev.errand.access.Caller;
import dev.errand.config.EngineOptions;
import dev.errand.dispatch.Dispatcher;
import dev.errand.dispatch.WorkerPool;
import dev.errand.error.InvalidRequestException;
import dev.errand.memory.objects.InMemoryObjectStore;
import dev.errand.objects.file.FileObjectStore;
import dev.errand.run.RunTaskRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.ObjectStore;
import dev.errand.spi.project.Project;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.run.RunListener;
import dev.errand.spi.run.RunStatus;
import dev.errand.task.CreateTaskRequest;
import jakarta.validation.Validator;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.validation.ValidationAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Which beans a host gets from properties, and which of its own it may use instead. */
class ErrandAutoConfigurationTest {

    private static final ProjectId ACME = ProjectId.of(1);

    private final ApplicationContextRunner host = Hosts.plain();

    @Test
    void theEngineIsBuiltFromProperties() {
        host.run(
                context -> {
                    assertThat(context).hasSingleBean(Errand.class);
                    assertThat(context.getBean(ObjectStore.class))
                            .isInstanceOf(FileObjectStore.class);
                    assertThat(context.getBean(ProjectDirectory.class).findProject(ACME))
                            .contains(new Project(ACME, "Acme Mobile App"));
                    assertThat(context)
                            .doesNotHaveBean(Dispatcher.class)
                            .doesNotHaveBean(WorkerPool.class)
                            .doesNotHaveBean(ObjectMapper.class);
                });
    }

    @Test
    void withoutStorageThereIsNoEngine() {
        new ApplicationContextRunner()
                .withConfiguration(Hosts.ERRAND)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(Errand.class));
    }

    @Test
    void onePropertyDisablesEverything() {
        host.withPropertyValues("errand.enabled=false")
                .run(
                        context ->
                                assertThat(context.getBeanDefinitionNames())
                                        .noneMatch(name -> name.startsWith("errand")));
    }

    @Test
    void aMissingSettingIsReportedByItsName() {
        host.withPropertyValues("errand.key=short")
                .run(context -> assertThat(failure(context)).contains("errand.key", "32"));
        ApplicationContextRunner bare =
                new ApplicationContextRunner()
                        .withConfiguration(Hosts.ERRAND)
                        .withBean(
                                dev.errand.spi.store.Backend.class,
                                dev.errand.memory.InMemoryBackend::create)
                        .withPropertyValues(Hosts.PROPERTIES[0]);
        bare.run(
                context ->
                        assertThat(failure(context))
                                .contains("errand.objects.directory", "ObjectStore"));
        bare.withPropertyValues(Hosts.PROPERTIES[2])
                .run(
                        context ->
                                assertThat(failure(context))
                                        .contains("errand.projects.1", "ProjectDirectory"));
    }

    @Test
    void theKeyIsNotShown() {
        host.run(
                context ->
                        assertThat(context.getBean(ErrandProperties.class).toString())
                                .doesNotContain("for tests only"));
    }

    @Test
    void beansOfTheHostAreUsed() {
        ObjectStore objects =
                InMemoryObjectStore.create(Clock.systemUTC(), Secret.of("upload signing key"));
        ProjectDirectory directory = ProjectDirectory.of(new Project(ProjectId.of(7), "Seven"));
        host.withBean(ObjectStore.class, () -> objects)
                .withBean(ProjectDirectory.class, () -> directory)
                .run(
                        context -> {
                            assertThat(context.getBean(ObjectStore.class)).isSameAs(objects);
                            assertThat(
                                            context.getBean(Errand.class)
                                                    .project(ProjectId.of(7), host()))
                                    .isNotNull();
                        });
        host.withBean(
                        "own",
                        Errand.class,
                        () ->
                                Errand.builder(
                                                dev.errand.memory.InMemoryBackend.create(),
                                                objects,
                                                directory)
                                        .build())
                .run(context -> assertThat(context).getBeanNames(Errand.class).containsOnly("own"));
    }

    @Test
    void customizersChangeTheEngine() {
        host.withBean(
                        ErrandBuilderCustomizer.class,
                        () ->
                                builder ->
                                        builder.options(
                                                EngineOptions.DEFAULT.withInitialStatus(
                                                        RunStatus.QUEUED)))
                .run(
                        context -> {
                            var project = context.getBean(Errand.class).project(ACME, host());
                            var task =
                                    project.tasks()
                                            .create(
                                                    CreateTaskRequest.builder()
                                                            .description("Fix the empty cart")
                                                            .build());
                            assertThat(
                                            project.runs()
                                                    .create(
                                                            task.task().id(),
                                                            dev.errand.run.CreateRunRequest
                                                                    .builder()
                                                                    .build())
                                                    .status())
                                    .isEqualTo(RunStatus.QUEUED);
                        });
    }

    /** A listener often starts another run, so it has the engine that calls it. */
    @Test
    void aListenerThatUsesTheEngineReceivesEvents() {
        List<String> events = new ArrayList<>();
        host.withUserConfiguration(ListeningHost.class)
                .withBean("events", List.class, () -> events)
                .run(context -> createAndRun(context.getBean(Errand.class)));
        assertThat(events).contains("project 1 exists");
    }

    @Configuration(proxyBeanMethods = false)
    static class ListeningHost {
        @Bean
        RunListener listener(Errand errand, List<String> events) {
            return event -> {
                errand.project(ACME, host());
                events.add("project 1 exists");
            };
        }
    }

    @Test
    void theValidatorOfTheHostIsUsed() {
        List<String> calls = new ArrayList<>();
        host.withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
                .run(
                        context -> {
                            Validator validator = context.getBean(Validator.class);
                            assertThatThrownBy(() -> createInvalid(context.getBean(Errand.class)))
                                    .isInstanceOf(InvalidRequestException.class);
                            host.withBean(Validator.class, () -> recording(validator, calls))
                                    .run(other -> createAndRun(other.getBean(Errand.class)));
                        });
        assertThat(calls).contains("validate");
    }

    private static Validator recording(Validator validator, List<String> calls) {
        return (Validator)
                Proxy.newProxyInstance(
                        Validator.class.getClassLoader(),
                        new Class<?>[] {Validator.class},
                        (proxy, method, arguments) -> {
                            calls.add(method.getName());
                            return method.invoke(validator, arguments);
                        });
    }

    private static void createInvalid(Errand errand) {
        errand.project(ACME, host())
                .tasks()
                .create(CreateTaskRequest.builder().title("x".repeat(1000)).build());
    }

    private static void createAndRun(Errand errand) {
        errand.project(ACME, host())
                .tasks()
                .createAndRun(
                        CreateTaskRequest.builder().description("Fix the empty cart").build(),
                        RunTaskRequest.builder().build());
    }

    private static Caller host() {
        return Caller.host();
    }

    private static String failure(
            org.springframework.boot.test.context.assertj.AssertableApplicationContext context) {
        Throwable cause = context.getStartupFailure();
        assertThat(cause).isNotNull();
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage();
    }
}
