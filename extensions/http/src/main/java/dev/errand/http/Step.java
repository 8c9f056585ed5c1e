package dev.errand.http;

import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * The next step of a request: to respond at once or bit by bit, or to read its body or wait for a
 * result first.
 */
sealed interface Step permits HttpResponse, EventStream, Step.ReadBody, Step.Await {

    /**
     * Reads the body without holding a thread, and then continues.
     *
     * @param sink receives the body
     * @param pace how fast the body must arrive
     * @param endedEarly the text of the error if the body cannot be read to its end
     * @param next returns the next step after the whole body was received; reports failures by
     *     exceptions
     */
    record ReadBody(BodySink sink, Pace pace, String endedEarly, Supplier<? extends Step> next)
            implements Step {}

    /**
     * Waits for a response without holding a thread.
     *
     * @param start begins what the response depends on; reports failures by exceptions, or by those
     *     of the stage
     */
    record Await(Supplier<CompletionStage<HttpResponse>> start) implements Step {}
}
