package dev.errand.internal.engine;

/**
 * Reports errors that a loop survives. A loop continues after every failure, because nothing else
 * would do its work; but after an error of the virtual machine, such as exhausted memory, the host
 * may prefer to end the process.
 */
public final class UncaughtErrors {

    private UncaughtErrors() {}

    /**
     * Passes an error of the virtual machine to the uncaught exception handler of the calling
     * thread, as if the thread had ended with it. Ignores other failures.
     */
    public static void report(Throwable failure) {
        if (failure instanceof VirtualMachineError) {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
        }
    }
}
