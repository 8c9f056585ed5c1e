package dev.errand.server;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Ends the process when memory is exhausted. A server that goes on may have lost any thread, and
 * nothing says which; a supervisor such as systemd can only restart a process that has ended.
 *
 * <p>Runs no shutdown hooks, because they need memory. Agents continue to run, as after a kill, and
 * the next server takes them over.
 */
final class OutOfMemoryExit implements Thread.UncaughtExceptionHandler {

    /** The exit code, the same as that of {@code -XX:+ExitOnOutOfMemoryError}. */
    static final int EXIT_CODE = 3;

    /** Created while there is memory. */
    private static final byte[] MESSAGE =
            "errand-server: out of memory; exiting with code 3, to be restarted\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private final FileOutputStream errors = new FileOutputStream(FileDescriptor.err);

    private OutOfMemoryExit() {}

    /**
     * Handles the errors that end a thread, and those that the loops of Errand report although they
     * continue.
     */
    static void install() {
        Thread.setDefaultUncaughtExceptionHandler(new OutOfMemoryExit());
    }

    @Override
    public void uncaughtException(Thread thread, Throwable failure) {
        if (failure instanceof OutOfMemoryError) {
            try {
                errors.write(MESSAGE);
            } catch (IOException closed) {
                // Nobody reads it.
            } finally {
                Runtime.getRuntime().halt(EXIT_CODE);
            }
        }
        System.err.print("Exception in thread \"" + thread.getName() + "\" ");
        failure.printStackTrace();
    }
}
