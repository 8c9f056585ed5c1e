/**
 * JSON Schemas of the requests, generated from the records that read them, so that the two cannot
 * differ. Read {@link dev.errand.server.schema.RequestSchemas} first.
 */
@NullMarked
package dev.errand.server.schema;

import org.jspecify.annotations.NullMarked;
