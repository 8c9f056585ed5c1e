package dev.errand.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.Errand;
import dev.errand.access.Caller;
import dev.errand.spi.ProjectId;
import dev.errand.task.CreateTaskRequest;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;

/** The auto-configuration works after it was processed ahead of time. */
class AheadOfTimeTest {

    @Test
    @CompileWithForkedClassLoader // The generated classes use package-private types.
    @SuppressWarnings("unchecked") // The compiler of the test knows no type arguments.
    void theGeneratedContextHasAnEngine() {
        TestGenerationContext generated = new TestGenerationContext(AheadOfTimeTest.class);
        AnnotationConfigApplicationContext host = new AnnotationConfigApplicationContext();
        host.register(Host.class);
        TestPropertyValues.of(Hosts.PROPERTIES).applyTo(host);
        var initializer = new ApplicationContextAotGenerator().processAheadOfTime(host, generated);
        generated.writeGeneratedContent();

        assertThat(
                        RuntimeHintsPredicates.resource()
                                .forResource("META-INF/errand/postgresql/V1__tables.sql"))
                .accepts(generated.getRuntimeHints());
        TestCompiler.forSystem()
                .with(generated)
                .compile(
                        compiled ->
                                createsATask(
                                        (ApplicationContextInitializer<
                                                        ConfigurableApplicationContext>)
                                                compiled.getInstance(
                                                        ApplicationContextInitializer.class,
                                                        initializer.canonicalName())));
    }

    private static void createsATask(
            ApplicationContextInitializer<ConfigurableApplicationContext> initializer) {
        try (GenericApplicationContext context = new GenericApplicationContext()) {
            TestPropertyValues.of(Hosts.PROPERTIES).applyTo(context);
            initializer.initialize(context);
            context.refresh();

            var task =
                    context.getBean(Errand.class)
                            .project(ProjectId.of(1), Caller.host())
                            .tasks()
                            .create(CreateTaskRequest.builder().title("Fix the cart").build());
            assertThat(task.task().details().title()).isEqualTo("Fix the cart");
        }
    }

    /** A host with a database. */
    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        ErrandJdbcAutoConfiguration.class,
        ErrandAutoConfiguration.class,
        ErrandExecutionAutoConfiguration.class,
        ErrandActuatorAutoConfiguration.class
    })
    static class Host {
        @Bean
        DataSource dataSource() {
            JdbcDataSource database = new JdbcDataSource();
            database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
            return database;
        }
    }
}
