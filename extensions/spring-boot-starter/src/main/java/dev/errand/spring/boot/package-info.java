/**
 * Auto-configuration of Errand for Spring Boot 3.5 and 4.0. A host sets the properties {@code
 * errand.*}, and replaces any bean by defining its own; docs/embedding.md#spring-boot shows how.
 */
@NullMarked
package dev.errand.spring.boot;

import org.jspecify.annotations.NullMarked;
