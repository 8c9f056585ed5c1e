package dev.errand.http;

/**
 * What one method on one path does: asks the core, and puts its answer into the form of the wire.
 */
@FunctionalInterface
interface Operation {

    /** Answers a call whose caller is known and has the scope; what is refused is thrown. */
    Answer answer(Call call);
}
