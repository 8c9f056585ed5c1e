package dev.errand.testing.engine;

import java.util.Optional;

/**
 * A value of one member of a request, and what the documented normalisation makes of it.
 *
 * @param sent the value as JSON
 * @param read the value as it is read back, as JSON; empty if it is to be refused
 * @param lookedUp whether it is refused only because it names what is not there
 */
record Sample(String sent, Optional<String> read, boolean lookedUp) {

    /** A value that is kept as it was sent. */
    static Sample kept(String json) {
        return normalised(json, json);
    }

    /** A value that is kept in another form. */
    static Sample normalised(String sent, String read) {
        return new Sample(sent, Optional.of(read), false);
    }

    /** A value that breaks a rule of its own. */
    static Sample refused(String sent) {
        return new Sample(sent, Optional.empty(), false);
    }

    /** A value that breaks no rule of its own, but names what is not there. */
    static Sample missing(String sent) {
        return new Sample(sent, Optional.empty(), true);
    }

    boolean isRefused() {
        return read.isEmpty();
    }
}
