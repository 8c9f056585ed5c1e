package dev.errand.testkit;

import dev.errand.error.ErrorCode;

/**
 * A request body that must be rejected.
 *
 * @param request the request type
 * @param json the body
 * @param code the expected error code
 * @param attr the path of the invalid member (docs/wire/errors.md#c4)
 */
public record RejectedRequest(
        Class<? extends Record> request, String json, ErrorCode code, String attr) {}
