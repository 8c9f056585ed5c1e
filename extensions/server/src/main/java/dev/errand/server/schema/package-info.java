/**
 * JSON Schemas of the requests, generated from the records that bind the requests, so that the two
 * cannot differ. See {@link dev.errand.server.schema.RequestSchemas}.
 */
@NullMarked
package dev.errand.server.schema;

import org.jspecify.annotations.NullMarked;
