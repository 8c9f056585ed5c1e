package dev.errand.spring.boot;

import dev.errand.http.ErrandServlet;

/**
 * Changes the builder of the servlet before it is built, for settings that have no property, such
 * as traffic limits. Every bean of this type is called, in the order of the beans.
 */
@FunctionalInterface
public interface ErrandServletCustomizer {

    /** Changes the builder. */
    void customize(ErrandServlet.Builder builder);
}
