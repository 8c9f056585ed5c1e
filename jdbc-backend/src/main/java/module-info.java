/** The backend for production: every storage port on PostgreSQL or H2, over a host's DataSource. */
module dev.errand.jdbc {
    requires transitive dev.errand.spi;
    requires transitive java.sql;
    requires static com.zaxxer.hikari;
    requires static flyway.core;
    requires static org.postgresql.jdbc;

    exports dev.errand.jdbc;

    provides dev.errand.spi.BackendProvider with
            dev.errand.jdbc.internal.JdbcBackendProvider;
}
