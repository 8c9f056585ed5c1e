package dev.errand.testkit;

import dev.errand.error.ErrorCode;

/**
 * A body that must be refused, and for what.
 *
 * @param request the request it is meant for
 * @param json the body
 * @param code what is wrong
 * @param attr with which member, by its path on the wire (contract C4)
 */
public record Refused(Class<? extends Record> request, String json, ErrorCode code, String attr) {}
