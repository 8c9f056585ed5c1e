package dev.errand.spring.boot;

import dev.errand.Errand;

/**
 * Changes the builder of the engine before it is built, for settings that have no property, such as
 * engine options. Every bean of this type is called, in the order of the beans.
 */
@FunctionalInterface
public interface ErrandBuilderCustomizer {

    /** Changes the builder. */
    void customize(Errand.Builder builder);
}
