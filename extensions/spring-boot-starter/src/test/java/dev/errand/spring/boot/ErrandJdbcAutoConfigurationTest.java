package dev.errand.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.Errand;
import dev.errand.jdbc.JdbcBackend;
import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.Backend;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.sql.init.SqlInitializationAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.JdbcTemplate;

/** Storage on the data source of a host. */
class ErrandJdbcAutoConfigurationTest {

    private static final ProjectId ACME = ProjectId.of(1);

    private final ApplicationContextRunner host =
            new ApplicationContextRunner()
                    .withConfiguration(Hosts.ERRAND)
                    .withPropertyValues(Hosts.PROPERTIES);

    /** The host's scripts come first: they may require an empty schema. */
    @Test
    void tablesAreCreatedAfterTheHostsOwn() {
        host.withBean(DataSource.class, ErrandJdbcAutoConfigurationTest::database)
                .withConfiguration(AutoConfigurations.of(SqlInitializationAutoConfiguration.class))
                .withPropertyValues(
                        "spring.sql.init.mode=always",
                        "spring.sql.init.schema-locations=classpath:host-schema.sql")
                .run(
                        context -> {
                            assertThat(context).hasSingleBean(Errand.class);
                            JdbcTemplate jdbc = new JdbcTemplate(context.getBean(DataSource.class));
                            assertThat(count(jdbc, "select tables from tables_before_host"))
                                    .isZero();
                            assertThat(count(jdbc, "select count(*) from errand_task")).isZero();
                        });
    }

    @Test
    void tablesCanBeRequiredInstead() {
        host.withBean(DataSource.class, ErrandJdbcAutoConfigurationTest::database)
                .withPropertyValues("errand.jdbc.schema=validate")
                .run(
                        context ->
                                assertThat(context.getStartupFailure())
                                        .rootCause()
                                        .hasMessageContaining("schema"));
    }

    @Test
    void oneOfSeveralDataSourcesIsChosenByName() {
        ApplicationContextRunner two =
                host.withBean("first", DataSource.class, ErrandJdbcAutoConfigurationTest::database)
                        .withBean(
                                "second",
                                DataSource.class,
                                ErrandJdbcAutoConfigurationTest::database);
        two.withPropertyValues("errand.jdbc.data-source=second")
                .run(
                        context ->
                                assertThat(
                                                count(
                                                        new JdbcTemplate(
                                                                context.getBean(
                                                                        "second",
                                                                        DataSource.class)),
                                                        "select count(*) from errand_task"))
                                        .isZero());
        two.run(
                context ->
                        assertThat(context.getStartupFailure())
                                .rootCause()
                                .hasMessageContaining("first,second"));
    }

    @Test
    void anEarlierKeyStillDecryptsTheSecretsOfRuns() {
        DataSource database = database();
        Map<String, Secret> secrets = Map.of("github_user_token", Secret.of("of the run"));
        RunId run = RunId.of(UUID.randomUUID());
        ApplicationContextRunner node = host.withBean(DataSource.class, () -> database);
        node.run(
                context ->
                        context.getBean(Backend.class)
                                .secrets()
                                .put(ACME, run, secrets, Instant.now().plusSeconds(3600)));
        node.withPropertyValues(
                        "errand.key=another key of that host, for tests only",
                        "errand.previous-keys[0]=a key of a host, for tests only ....")
                .run(
                        context ->
                                assertThat(context.getBean(Backend.class).secrets().find(ACME, run))
                                        .isEqualTo(secrets));
    }

    @Test
    void aBackendOfTheHostIsUsed() {
        host.withBean(DataSource.class, ErrandJdbcAutoConfigurationTest::database)
                .withBean(Backend.class, dev.errand.memory.InMemoryBackend::create)
                .run(
                        context ->
                                assertThat(context)
                                        .hasSingleBean(Errand.class)
                                        .doesNotHaveBean(JdbcBackend.class));
    }

    private static int count(JdbcTemplate jdbc, String query) {
        return jdbc.queryForObject(query, Integer.class);
    }

    private static DataSource database() {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        return database;
    }
}
