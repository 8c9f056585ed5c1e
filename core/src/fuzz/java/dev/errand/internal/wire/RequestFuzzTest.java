package dev.errand.internal.wire;

import com.code_intelligence.jazzer.junit.FuzzTest;

/**
 * Looks for bytes that break the JSON entry, and writes those that do beside the saved inputs,
 * which every build plays again.
 */
class RequestFuzzTest {

    @FuzzTest(maxDuration = "3m")
    void everythingIsARequestOrARefusal(byte[] input) {
        RequestInput.assertAcceptedOrRefused(input);
    }
}
