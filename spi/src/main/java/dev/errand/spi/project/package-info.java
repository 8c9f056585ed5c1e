/** What only the host knows. Read {@link dev.errand.spi.project.ProjectDirectory} first. */
@NullMarked
package dev.errand.spi.project;

import org.jspecify.annotations.NullMarked;
