package dev.errand.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.error.InvalidRequestException;
import java.util.Arrays;

/**
 * Checks the request binder with arbitrary bytes: a body is rejected with violations, or accepted,
 * and an accepted request equals the request read from its canonical form (docs/invariants.md#i10).
 * The first byte selects the request type; the others are the body.
 */
final class RequestInput {

    private RequestInput() {}

    static void assertAcceptedOrRefused(byte[] input) {
        if (input.length == 0) {
            return;
        }
        Requests type = Requests.values()[(input[0] & 0xff) % Requests.values().length];
        byte[] body = Arrays.copyOfRange(input, 1, input.length);
        Record request;
        try {
            request = Requests.read(type.type(), body);
        } catch (InvalidRequestException refused) {
            assertThat(refused.violations()).isNotEmpty();
            return;
        }
        assertThat(Requests.read(type.type(), CanonicalJson.of(request))).isEqualTo(request);
    }
}
