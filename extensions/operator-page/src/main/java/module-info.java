/** A web page for people who operate Errand, as a servlet that any servlet host can mount. */
module dev.errand.page {
    requires transitive jakarta.servlet;
    requires static org.jspecify;

    exports dev.errand.page;
}
