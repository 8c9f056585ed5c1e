package dev.errand.process;

/**
 * A living process in a snapshot of the process table.
 *
 * @param pid the process id
 * @param parent the process id of the parent, or 0
 * @param session the session id, or 0 if unknown
 */
record ProcessInfo(long pid, long parent, long session) {

    static final long NO_SESSION = 0;
}
