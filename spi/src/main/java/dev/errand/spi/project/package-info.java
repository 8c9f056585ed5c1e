/** What only the host knows. Read {@link dev.errand.spi.project.ProjectDirectory} first. */
package dev.errand.spi.project;
