package dev.errand.internal.wire;

import com.code_intelligence.jazzer.junit.FuzzTest;

/**
 * Searches for bytes that break the request binder, and saves them beside the inputs that {@link
 * SavedInputsTest} checks in every build.
 */
class RequestFuzzTest {

    @FuzzTest(maxDuration = "3m")
    void everythingIsARequestOrARefusal(byte[] input) {
        RequestInput.assertAcceptedOrRefused(input);
    }
}
