package dev.errand.testkit;

/**
 * The end of a simulated node, in the middle of a call. An error and not an exception: no code that
 * goes on after a failure goes on after this.
 */
public final class NodeDied extends Error {

    private static final long serialVersionUID = 1L;

    NodeDied(String where) {
        super("the node died " + where);
    }
}
