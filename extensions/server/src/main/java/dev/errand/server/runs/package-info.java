/**
 * The command {@code errand-server runs}, a client of a running server for operators. See {@link
 * dev.errand.server.runs.RunsCommand}.
 */
@NullMarked
package dev.errand.server.runs;

import org.jspecify.annotations.NullMarked;
