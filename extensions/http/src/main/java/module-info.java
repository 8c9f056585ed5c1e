/** The wire contract as a servlet that any servlet host can mount. */
module dev.errand.http {
    requires transitive dev.errand.core;
    requires transitive jakarta.servlet;
    requires org.apache.commons.fileupload2.core;
    requires org.apache.commons.fileupload2.jakarta.servlet6;
    requires org.slf4j;
    requires static org.jspecify;

    exports dev.errand.http;
}
