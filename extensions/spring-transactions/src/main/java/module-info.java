/** Lets calls of the JDBC backend take part in transactions that Spring manages. */
module dev.errand.spring.transactions {
    requires transitive dev.errand.jdbc;
    requires spring.core;
    requires spring.jdbc;
    requires spring.tx;
    requires static org.jspecify;

    exports dev.errand.spring.transactions;
}
