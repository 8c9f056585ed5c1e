package dev.errand.server;

import dev.errand.server.runs.RunsCommand;
import dev.errand.spi.Secret;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;

/**
 * The program: parses its command line and environment, starts a server, and stops it on SIGTERM or
 * SIGINT.
 *
 * <p>Exit codes: 0 after an orderly shutdown, 1 if the server cannot start, 2 if the options or a
 * file that they name are invalid, 3 if memory was exhausted.
 */
public final class Main {

    private final PrintWriter out;
    private final PrintWriter err;

    private Main(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    /** Runs the program. */
    public static void main(String[] arguments) {
        OutOfMemoryExit.install();
        LogConfiguration.apply();
        PrintWriter out = new PrintWriter(System.out, true);
        PrintWriter err = new PrintWriter(System.err, true);
        System.exit(run(arguments, System.getenv(), out, err));
    }

    /** Runs the program with the given environment and output, and returns the exit code. */
    static int run(
            String[] arguments, Map<String, String> environment, PrintWriter out, PrintWriter err) {
        Main main = new Main(out, err);
        CommandLine commandLine = commandLine(arguments, environment);
        commandLine.setOut(out);
        commandLine.setErr(err);
        commandLine.setExecutionStrategy(main::execute);
        return commandLine.execute(arguments);
    }

    /** Returns the command line parser. Environment variables apply to the server command only. */
    static CommandLine commandLine(String[] arguments, Map<String, String> environment) {
        CommandLine commandLine =
                new CommandLine(new ServerCommand()).addSubcommand(new RunsCommand(environment));
        boolean isServer =
                arguments.length == 0 || !commandLine.getSubcommands().containsKey(arguments[0]);
        EnvironmentDefaults defaults = new EnvironmentDefaults(isServer ? environment : Map.of());
        return commandLine
                .setDefaultValueProvider(defaults)
                .setParameterExceptionHandler(new UsageErrorHandler(defaults));
    }

    private int execute(CommandLine.ParseResult parsed) {
        boolean isServer = !parsed.hasSubcommand();
        boolean isHelp = parsed.isUsageHelpRequested() || parsed.isVersionHelpRequested();
        return isServer && !isHelp
                ? serve((ServerCommand) parsed.commandSpec().userObject())
                : new CommandLine.RunLast().execute(parsed);
    }

    private int serve(ServerCommand command) {
        ServerOptions options = command.options();
        ErrandServer server;
        try {
            server = ErrandServer.start(options);
        } catch (InvalidOptionsException invalid) {
            invalid.problems().forEach(problem -> err.println("errand-server: " + problem));
            return ExitCode.USAGE;
        } catch (IOException | RuntimeException failure) {
            err.println("errand-server: cannot start: " + reason(failure));
            return ExitCode.SOFTWARE;
        }
        closeOnShutdown(server);
        announce(server, options);
        awaitShutdown();
        return ExitCode.OK;
    }

    /**
     * A signal runs the shutdown hooks. Halts with 0 because the JVM would exit with the signal's
     * code.
     */
    private static void closeOnShutdown(ErrandServer server) {
        Runnable shutdown =
                () -> {
                    server.close();
                    Runtime.getRuntime().halt(ExitCode.OK);
                };
        Runtime.getRuntime().addShutdownHook(new Thread(shutdown, "errand-shutdown"));
    }

    private void announce(ErrandServer server, ServerOptions options) {
        String projects =
                server.projects().stream().map(String::valueOf).collect(Collectors.joining(", "));
        String label = server.projects().size() == 1 ? "project " : "projects ";
        out.println(
                "%s listening on %s (%s)"
                        .formatted(ServerVersion.text(), server.url(), label + projects));
        server.metricsUrl().ifPresent(url -> out.println("Metrics at " + url));
        server.token()
                .map(Secret::reveal)
                .ifPresent(token -> out.println("Token (shown only once): " + token));
        options.agents()
                .ifPresent(
                        agents -> {
                            out.println("Agents: " + agents.selection().sentence());
                            agents.repositories()
                                    .map(RepositoryOptions::sentence)
                                    .ifPresent(text -> out.println("Repositories: " + text));
                        });
    }

    private static void awaitShutdown() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns the reason in one line, with the messages of the database driver. */
    private static String reason(Throwable failure) {
        String message = failure.getMessage();
        boolean hasMessage = message != null && !message.isBlank();
        StringBuilder reason =
                new StringBuilder(hasMessage ? message : failure.getClass().getSimpleName());
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException || cause instanceof UnknownHostException) {
                reason.append(": ").append(cause.getMessage());
            }
        }
        return reason.toString().lines().map(String::strip).collect(Collectors.joining(" "));
    }
}
