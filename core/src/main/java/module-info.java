/** The engine of a Tasks API: requests, rules, dispatch, and the JSON format. */
@SuppressWarnings("module") // The modules of the qualified exports are built after this one.
module dev.errand.core {
    requires transitive dev.errand.spi;
    requires transitive com.fasterxml.jackson.annotation;
    requires transitive jakarta.validation;
    requires org.hibernate.validator;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires com.fasterxml.uuid;
    requires com.networknt.schema;
    requires org.slf4j;
    requires static org.jspecify;

    exports dev.errand;
    exports dev.errand.access;
    exports dev.errand.artifact;
    exports dev.errand.config;
    exports dev.errand.dispatch;
    exports dev.errand.error;
    exports dev.errand.profile;
    exports dev.errand.request;
    exports dev.errand.retention;
    exports dev.errand.run;
    exports dev.errand.task;
    exports dev.errand.wire;
    exports dev.errand.internal.constraints to
            dev.errand.http;
    exports dev.errand.internal.json to
            dev.errand.http;
    exports dev.errand.internal.wire to
            dev.errand.http,
            dev.errand.testing.engine,
            dev.errand.testkit;

    opens dev.errand.artifact to
            org.hibernate.validator;
    opens dev.errand.internal.constraints to
            org.hibernate.validator;
    opens dev.errand.internal.rules to
            org.hibernate.validator;
    opens dev.errand.internal.wire to
            com.fasterxml.jackson.databind;
    opens dev.errand.run to
            org.hibernate.validator;
    opens dev.errand.task to
            org.hibernate.validator;

    provides jakarta.validation.valueextraction.ValueExtractor with
            dev.errand.internal.wire.PatchValueExtractor;
}
