package dev.errand.http;

/** An operation of the API: calls the core and maps its result to a response. */
@FunctionalInterface
interface Operation {

    /**
     * Handles a request whose caller is authenticated and has the scope that the route requires.
     * Failures are reported by exceptions.
     */
    Step handle(ApiRequest request);
}
