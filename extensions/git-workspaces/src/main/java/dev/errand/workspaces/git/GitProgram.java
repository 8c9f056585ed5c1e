package dev.errand.workspaces.git;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The git program with the configuration and the environment of Errand's calls. Neither the
 * configuration of this machine nor the variables of the host reach a call, except those that a
 * network connection needs.
 */
final class GitProgram implements AutoCloseable {

    /** {@code GIT_CONFIG_GLOBAL} exists since 2.32. */
    private static final int MIN_MINOR_VERSION = 32;

    private static final Pattern VERSION =
            Pattern.compile("git version (\\d+)\\.(\\d+).*", Pattern.DOTALL);

    private static final List<String> INHERITED =
            List.of(
                    "PATH",
                    "SSH_AUTH_SOCK",
                    "http_proxy",
                    "https_proxy",
                    "HTTPS_PROXY",
                    "all_proxy",
                    "ALL_PROXY",
                    "no_proxy",
                    "NO_PROXY",
                    "SSL_CERT_FILE",
                    "SSL_CERT_DIR",
                    "GIT_SSL_CAINFO",
                    "GIT_SSL_CAPATH");

    private final Path program;
    private final Path askpass;
    private final Map<String, String> environment;
    private final Set<Process> running = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService watchdog =
            Executors.newSingleThreadScheduledExecutor(
                    task -> {
                        Thread thread = new Thread(task, "errand-git-watchdog");
                        thread.setDaemon(true);
                        return thread;
                    });

    private GitProgram(Path program, Path askpass, Map<String, String> environment) {
        this.program = program;
        this.askpass = askpass;
        this.environment = environment;
    }

    /**
     * Finds the program on the {@code PATH} and writes its configuration.
     *
     * @param directory where the configuration is kept
     * @throws IllegalStateException if there is no git, or it is too old
     */
    static GitProgram install(Path directory, Map<String, String> host, GitSettings settings)
            throws IOException {
        Path program = find("git", host.getOrDefault("PATH", ""));
        checkVersion(program);
        Path home = directory.resolve("home");
        Path configuration = directory.resolve("gitconfig");
        Path askpass = directory.resolve("askpass");
        FileTrees.createDirectories(home);
        FileTrees.replace(configuration, resource("gitconfig"), "r--------");
        FileTrees.replace(askpass, resource("askpass.sh"), "r-x------");
        if (settings.largeFiles()) {
            find("git-lfs", host.getOrDefault("PATH", ""));
        }
        Map<String, String> environment = new HashMap<>();
        Stream.of(INHERITED)
                .flatMap(List::stream)
                .forEach(
                        name ->
                                Optional.ofNullable(host.get(name))
                                        .ifPresent(value -> environment.put(name, value)));
        environment.put("HOME", home.toString());
        environment.put("XDG_CONFIG_HOME", home.toString());
        environment.put("LC_ALL", "C");
        environment.put("GIT_CONFIG_NOSYSTEM", "1");
        environment.put("GIT_CONFIG_GLOBAL", configuration.toString());
        environment.put("GIT_ATTR_NOSYSTEM", "1");
        environment.put("GIT_TERMINAL_PROMPT", "0");
        environment.put("GIT_OPTIONAL_LOCKS", "0");
        environment.put("GIT_NO_REPLACE_OBJECTS", "1");
        environment.put("GIT_NO_LAZY_FETCH", "1");
        environment.put("GIT_LFS_SKIP_SMUDGE", "1");
        environment.put("GIT_DEFAULT_REF_FORMAT", "files");
        environment.put("GIT_SSH_COMMAND", "ssh -oBatchMode=yes -oConnectTimeout=30");
        environment.put("GIT_AUTHOR_NAME", settings.authorName());
        environment.put("GIT_AUTHOR_EMAIL", settings.authorEmail());
        environment.put("GIT_COMMITTER_NAME", settings.authorName());
        environment.put("GIT_COMMITTER_EMAIL", settings.authorEmail());
        return new GitProgram(program, askpass, Map.copyOf(environment));
    }

    private static Path find(String name, String searchPath) {
        return Stream.of(searchPath.split(":"))
                .filter(directory -> directory.startsWith("/"))
                .map(directory -> Path.of(directory, name))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "the program " + name + " is not on the PATH; install it"));
    }

    private static void checkVersion(Path program) throws IOException {
        Process process =
                new ProcessBuilder(program.toString(), "version").redirectErrorStream(true).start();
        String version =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher matcher = VERSION.matcher(version);
        if (!matcher.matches()
                || Integer.parseInt(matcher.group(1)) < 2
                || Integer.parseInt(matcher.group(1)) == 2
                        && Integer.parseInt(matcher.group(2)) < MIN_MINOR_VERSION) {
            throw new IllegalStateException(
                    "git 2."
                            + MIN_MINOR_VERSION
                            + " or newer is required, but "
                            + program
                            + " answers: "
                            + Texts.printable(version, 100));
        }
    }

    private static String resource(String name) throws IOException {
        try (InputStream content = GitProgram.class.getResourceAsStream(name)) {
            if (content == null) {
                throw new IllegalStateException("the jar has no resource " + name);
            }
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    Path program() {
        return program;
    }

    /** Returns the program that gives git a credential. */
    Path askpass() {
        return askpass;
    }

    /** Returns the variables of every call. */
    Map<String, String> environment() {
        return environment;
    }

    /** Starts a process of a call, which ends when this is closed. */
    Process start(ProcessBuilder builder) throws IOException {
        if (watchdog.isShutdown()) {
            throw new IOException("the provider of workspaces is closed");
        }
        Process process = builder.start();
        running.add(process);
        return process;
    }

    void ended(Process process) {
        running.remove(process);
    }

    /** Returns the thread that ends calls that take too long. */
    ScheduledExecutorService watchdog() {
        return watchdog;
    }

    @Override
    public void close() {
        watchdog.shutdownNow();
        running.forEach(process -> Area.kill(process.toHandle()));
    }
}
