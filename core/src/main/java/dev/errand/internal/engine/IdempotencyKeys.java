package dev.errand.internal.engine;

import dev.errand.access.Caller;
import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.Violation;
import dev.errand.internal.wire.CanonicalJson;
import dev.errand.spi.Idempotency;
import dev.errand.spi.store.StoredResult;
import dev.errand.spi.store.TaskWithLatestRun;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Creates idempotency keys from requests, and finds the results stored under them
 * (docs/wire/idempotency-and-limits.md#j29).
 */
final class IdempotencyKeys {

    private IdempotencyKeys() {}

    /**
     * Returns the key of a request, or empty if the client sent none.
     *
     * @param operation the name of the operation
     * @param target the id of the object that the operation is applied to
     * @throws InvalidRequestException if the key is empty or too long
     */
    static Optional<Idempotency> of(
            Optional<String> key, Caller caller, String operation, Object target, Record request) {
        return of(key, caller, () -> operation + '/' + target, request);
    }

    /**
     * Returns the key of a request that is not applied to an object, or empty if the client sent
     * none.
     *
     * @param operation the name of the operation
     * @throws InvalidRequestException if the key is empty or too long
     */
    static Optional<Idempotency> of(
            Optional<String> key, Caller caller, String operation, Record request) {
        return of(key, caller, () -> operation, request);
    }

    private static Optional<Idempotency> of(
            Optional<String> key, Caller caller, Supplier<String> operation, Record request) {
        return key.map(
                given -> {
                    if (given.isEmpty() || given.length() > Idempotency.MAX_KEY_LENGTH) {
                        throw InvalidRequestException.of(
                                Violation.ofRequest(
                                        ErrorCode.INVALID_INPUT,
                                        "Idempotency-Key must have 1 to "
                                                + Idempotency.MAX_KEY_LENGTH
                                                + " characters."));
                    }
                    return new Idempotency(
                            caller.identity(), operation.get(), given, digest(request));
                });
    }

    /**
     * Returns the stored answer to an earlier request with the same key, or empty if there is none.
     *
     * @throws InvalidRequestException if the key was used for another request
     */
    static Optional<TaskWithLatestRun> findStoredResult(
            Engine engine, AccessControl access, Optional<Idempotency> key) {
        Optional<StoredResult> stored =
                key.flatMap(
                        given -> engine.backend().runs().findStoredResult(access.project(), given));
        if (stored.isPresent() && stored.get() instanceof StoredResult.KeyConflict) {
            throw conflict();
        }
        return stored.map(found -> ((StoredResult.Replayed) found).first());
    }

    /** Creates the exception for a key that was used before with another request. */
    static InvalidRequestException conflict() {
        return InvalidRequestException.of(
                Violation.ofRequest(
                        ErrorCode.IDEMPOTENCY_CONFLICT, ErrorCode.IDEMPOTENCY_CONFLICT.detail()));
    }

    /** Returns the SHA-256 of the request's canonical JSON, which includes secrets. */
    private static String digest(Record request) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(CanonicalJson.of(request)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
