package dev.errand.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Finds out at start-up how programs are run as another user: with {@code setpriv} of util-linux,
 * otherwise with {@code su}, whichever works.
 */
final class SandboxUserFinder {

    private static final String SEARCH_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,63}");
    private static final int MAX_SECONDS = 10;
    private static final String RUN_ARGUMENTS = "exec \"$@\"";

    private SandboxUserFinder() {}

    /**
     * Returns a user by its name.
     *
     * @throws IllegalArgumentException if there is no such user, it is this process's own or the
     *     superuser, or this process may not run programs as it; the message says what to do
     */
    static SandboxUser find(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("sandbox user '" + name + "' is not a user name");
        }
        int uid = id(name, "-u");
        int gid = id(name, "-g");
        if (uid == 0 || Optional.of(uid).equals(number(List.of("id", "-u")))) {
            throw new IllegalArgumentException(
                    "sandbox user "
                            + name
                            + " must be neither the superuser nor the user of this process");
        }
        return candidates(name, uid, gid).stream()
                .filter(SandboxUserFinder::isWorking)
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "this process cannot run programs as sandbox user "
                                                + name
                                                + ": start it as root, with setpriv of util-linux or with su installed"));
    }

    private static List<SandboxUser> candidates(String name, int uid, int gid) {
        List<SandboxUser> found = new ArrayList<>();
        ExecutableFinder.find("setpriv", SEARCH_PATH)
                .ifPresent(
                        setpriv ->
                                found.add(
                                        new SandboxUser(
                                                name, uid, gid, setpriv(setpriv, uid, gid))));
        ExecutableFinder.find("su", SEARCH_PATH)
                .ifPresent(su -> found.add(new SandboxUser(name, uid, gid, su(su, name))));
        return found;
    }

    /** A program with the set-user-ID bit cannot give its privileges to the agent either. */
    private static List<String> setpriv(Path setpriv, int uid, int gid) {
        return List.of(
                setpriv.toString(),
                "--reuid=" + uid,
                "--regid=" + gid,
                "--init-groups",
                "--no-new-privs",
                "--inh-caps=-all",
                "--ambient-caps=-all",
                "--");
    }

    private static List<String> su(Path su, String name) {
        return List.of(su.toString(), "-m", "-s", "/bin/sh", "-c", RUN_ARGUMENTS, "--", name, "sh");
    }

    private static boolean isWorking(SandboxUser user) {
        List<String> words = new ArrayList<>(user.command());
        words.addAll(List.of("id", "-u"));
        return number(words).equals(Optional.of(user.uid()));
    }

    private static int id(String name, String option) {
        return number(List.of("id", option, name))
                .orElseThrow(() -> new IllegalArgumentException("there is no user " + name));
    }

    /** Returns whether a shell command succeeds as a user. */
    static boolean succeeds(SandboxUser user, String test, Path argument) {
        List<String> words = new ArrayList<>(user.command());
        words.addAll(List.of("/bin/sh", "-c", test, "sh", argument.toString()));
        return run(words).isPresent();
    }

    private static Optional<Integer> number(List<String> words) {
        return run(words).filter(text -> text.matches("[0-9]{1,9}")).map(Integer::valueOf);
    }

    /** Returns the output of a program that succeeds in time. */
    private static Optional<String> run(List<String> words) {
        ProcessBuilder builder =
                new ProcessBuilder(words)
                        .directory(Path.of("/").toFile())
                        .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().put("PATH", SEARCH_PATH);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(MAX_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Optional.empty();
            }
            String text =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return process.exitValue() == 0 ? Optional.of(text.strip()) : Optional.empty();
        } catch (IOException missing) {
            return Optional.empty();
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
