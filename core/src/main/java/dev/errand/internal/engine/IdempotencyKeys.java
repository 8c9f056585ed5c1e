package dev.errand.internal.engine;

import dev.errand.access.Caller;
import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.Violation;
import dev.errand.internal.wire.CanonicalJson;
import dev.errand.spi.Idempotency;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;

/** What makes a repeated request recognisable (contract J29). */
public final class IdempotencyKeys {

    private IdempotencyKeys() {}

    /**
     * The key of a request, if the client gave one.
     *
     * @param operation what is asked
     * @param of the object it is asked of
     * @throws InvalidRequestException if the key is empty or too long
     */
    public static Optional<Idempotency> of(
            Optional<String> key, Caller caller, String operation, Object of, Record request) {
        return of(key, caller, () -> operation + '/' + of, request);
    }

    /**
     * The key of a request that names no object, if the client gave one.
     *
     * @param operation what is asked
     * @throws InvalidRequestException if the key is empty or too long
     */
    public static Optional<Idempotency> of(
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

    /** The refusal of a key that was used for something else. */
    public static InvalidRequestException conflict() {
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
