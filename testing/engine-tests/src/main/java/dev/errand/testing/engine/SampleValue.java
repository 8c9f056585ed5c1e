package dev.errand.testing.engine;

import java.util.Optional;

/**
 * A sample value of a request member and its documented normalisation.
 *
 * @param sent the value as JSON
 * @param read the expected stored value as JSON; empty if the value must be rejected
 * @param lookedUp whether it is rejected only because it names an unknown object
 */
record SampleValue(String sent, Optional<String> read, boolean lookedUp) {

    /** A value that is stored unchanged. */
    static SampleValue kept(String json) {
        return normalised(json, json);
    }

    /** A value that is stored in a normalised form. */
    static SampleValue normalised(String sent, String read) {
        return new SampleValue(sent, Optional.of(read), false);
    }

    /** A value that is invalid in itself. */
    static SampleValue rejected(String sent) {
        return new SampleValue(sent, Optional.empty(), false);
    }

    /** A valid value that names an unknown object. */
    static SampleValue missing(String sent) {
        return new SampleValue(sent, Optional.empty(), true);
    }

    boolean isRejected() {
        return read.isEmpty();
    }
}
