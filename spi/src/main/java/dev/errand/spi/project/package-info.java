/**
 * Projects, users and connections that the host manages. Start with {@link
 * dev.errand.spi.project.ProjectDirectory}.
 */
@NullMarked
package dev.errand.spi.project;

import org.jspecify.annotations.NullMarked;
