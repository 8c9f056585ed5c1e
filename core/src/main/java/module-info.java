/** The domain of a Tasks API: rules, requests, the engine, and the wire's JSON. */
module dev.errand.core {
    requires transitive dev.errand.spi;
    requires transitive com.fasterxml.jackson.annotation;
    requires transitive jakarta.validation;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires com.fasterxml.uuid;
    requires com.networknt.schema;
    requires org.hibernate.validator;
    requires org.slf4j;

    exports dev.errand;
    exports dev.errand.access;
    exports dev.errand.artifact;
    exports dev.errand.config;
    exports dev.errand.dispatch;
    exports dev.errand.error;
    exports dev.errand.json;
    exports dev.errand.run;
    exports dev.errand.task;

    opens dev.errand.artifact to
            org.hibernate.validator;
    opens dev.errand.run to
            org.hibernate.validator;
    opens dev.errand.task to
            org.hibernate.validator;
}
