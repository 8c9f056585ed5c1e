/** The production backend: every storage port on PostgreSQL or H2, over the host's data source. */
module dev.errand.jdbc {
    requires transitive dev.errand.spi;
    requires transitive java.sql;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires static com.zaxxer.hikari;
    requires static flyway.core;
    requires static org.postgresql.jdbc;
    requires static org.jspecify;

    exports dev.errand.jdbc;

    provides dev.errand.spi.store.BackendProvider with
            dev.errand.jdbc.internal.JdbcBackendProvider;
}
