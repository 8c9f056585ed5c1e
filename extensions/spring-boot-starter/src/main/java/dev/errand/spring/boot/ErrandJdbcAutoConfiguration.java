package dev.errand.spring.boot;

import dev.errand.jdbc.JdbcBackend;
import dev.errand.jdbc.SecretKeys;
import dev.errand.spi.store.Backend;
import dev.errand.spring.transactions.SpringTransactions;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ImportRuntimeHints;

/**
 * Storage on a data source of the host. Calls take part in the transactions of the host. The tables
 * are created after the host's own migrations.
 */
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration"
        })
@ConditionalOnProperty(name = "errand.enabled", matchIfMissing = true)
@ConditionalOnBean(DataSource.class)
@ConditionalOnMissingBean(Backend.class)
@EnableConfigurationProperties(ErrandProperties.class)
@ImportRuntimeHints(ErrandJdbcAutoConfiguration.Migrations.class)
class ErrandJdbcAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    SecretKeys errandSecretKeys(ErrandProperties properties) {
        return ErrandKeys.of(properties.key(), properties.previousKeys()).runSecrets();
    }

    @Bean
    @DependsOnDatabaseInitialization
    JdbcBackend errandBackend(ErrandProperties properties, SecretKeys keys, BeanFactory beans) {
        ErrandProperties.Jdbc jdbc = properties.jdbc();
        String name = jdbc.dataSource();
        DataSource dataSource =
                name == null
                        ? beans.getBean(DataSource.class)
                        : beans.getBean(name, DataSource.class);
        JdbcBackend.Builder builder =
                JdbcBackend.builder(dataSource)
                        .joiningTransactions(new SpringTransactions())
                        .secretKeys(keys)
                        .statementTimeout(jdbc.statementTimeout());
        if (jdbc.schema() == ErrandProperties.SchemaMode.MIGRATE) {
            builder.migrate();
        }
        if (jdbc.signals()) {
            builder.signalling();
        }
        if (jdbc.trigramSearch()) {
            builder.withTrigramSearch();
        }
        return builder.open();
    }

    /** The SQL files of the migrations, for a native image. */
    static final class Migrations implements RuntimeHintsRegistrar {
        @Override
        public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
            hints.resources().registerPattern("META-INF/errand/*");
        }
    }
}
