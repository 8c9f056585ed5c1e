package dev.errand.process;

/**
 * A living process, as one look at the machine saw it.
 *
 * @param pid its number
 * @param parent the number of its parent, 0 if it has none
 * @param session the number of its session, 0 if the system does not tell
 */
record ProcessRow(long pid, long parent, long session) {

    static final long NO_SESSION = 0;
}
