package dev.errand.testpostgres;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Runs commands of the operating system. */
final class Commands {

    /** Commands that run another command as an unprivileged user, in the order of preference. */
    private static final List<List<String>> UNPRIVILEGED =
            List.of(
                    List.of("unshare", "-U"),
                    List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"),
                    List.of("runuser", "-u", "nobody", "--"));

    private Commands() {}

    /**
     * Runs a command in the temporary directory and returns its output; fails unless it exits with
     * 0.
     */
    static String run(List<String> command) throws IOException {
        Process process =
                new ProcessBuilder(command)
                        .directory(PostgresServer.TEMPORARY.toFile())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes()).strip();
        try {
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + " failed: " + output);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted in " + command, interrupted);
        }
        return output;
    }

    /**
     * Returns the prefix that runs a command as an unprivileged user: empty unless this process
     * runs as root, because PostgreSQL refuses to run as root.
     */
    static List<String> unprivilegedPrefix() throws IOException {
        if (!run(List.of("id", "-u")).equals("0")) {
            return List.of();
        }
        for (List<String> prefix : UNPRIVILEGED) {
            if (works(prefix)) {
                return prefix;
            }
        }
        throw new IllegalStateException(
                "PostgreSQL cannot run as root, and none of unshare, setpriv and runuser works; set "
                        + PostgresServer.EXISTING_SERVER);
    }

    private static boolean works(List<String> prefix) {
        try {
            run(with(prefix, "true"));
            return true;
        } catch (IOException | IllegalStateException unavailable) {
            return false;
        }
    }

    static List<String> with(List<String> prefix, String... command) {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(List.of(command));
        return all;
    }
}
