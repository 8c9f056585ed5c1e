package dev.errand.http;

import java.io.IOException;

/** Receives a body piece by piece. */
@FunctionalInterface
interface BodySink {

    /**
     * Receives the next bytes, which are valid only during the call. An exception rejects the
     * request.
     */
    void receive(byte[] bytes, int length) throws IOException;
}
