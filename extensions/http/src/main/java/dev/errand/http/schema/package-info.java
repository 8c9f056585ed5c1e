/**
 * JSON Schemas of requests and responses, generated from the records that bind the requests and are
 * written as responses, so that they cannot differ.
 */
@NullMarked
package dev.errand.http.schema;

import org.jspecify.annotations.NullMarked;
