package dev.errand.server;

/** Which page for operators a server serves at {@code /ui/}. */
public enum OperatorPage {
    /** No page. */
    NONE,
    /** A page that changes nothing. */
    READ_ONLY,
    /** A page that also offers to cancel, retry and resume runs. */
    ACTIONS
}
