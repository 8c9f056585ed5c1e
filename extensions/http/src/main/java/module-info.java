/** The wire contract as a servlet that any servlet host can mount. */
@SuppressWarnings("module") // The module of the qualified export is built after this one.
module dev.errand.http {
    requires com.fasterxml.classmate;
    requires com.fasterxml.jackson.annotation;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires com.github.victools.jsonschema.generator;
    requires com.github.victools.jsonschema.module.jackson;
    requires com.github.victools.jsonschema.module.jakarta.validation;
    requires transitive dev.errand.core;
    requires transitive jakarta.servlet;
    requires org.apache.commons.fileupload2.core;
    requires org.apache.commons.fileupload2.jakarta.servlet6;
    requires org.slf4j;
    requires org.jspecify;

    exports dev.errand.http;
    exports dev.errand.http.schema to
            dev.errand.server;
}
