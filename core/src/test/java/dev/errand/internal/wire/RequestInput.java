package dev.errand.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.error.InvalidRequestException;
import java.util.Arrays;

/**
 * Bytes of any kind at the JSON entry: they are refused with a type, or accepted; and what was
 * accepted reads as itself when it is written back (docs/invariants.md#i10). The first byte says
 * which request the others are.
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
