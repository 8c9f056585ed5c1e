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
 * The program: reads its command line and environment, starts a server, and ends it when it is
 * asked to by SIGTERM or SIGINT.
 *
 * <p>Exit codes: 0 after it was asked to end, 1 if it cannot start, 2 if its options or its
 * directory file are not as they should be.
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
        LogSettings.apply();
        PrintWriter out = new PrintWriter(System.out, true);
        PrintWriter err = new PrintWriter(System.err, true);
        System.exit(run(arguments, System.getenv(), out, err));
    }

    /** Runs the program with another environment and other ends; it exits nothing. */
    static int run(
            String[] arguments, Map<String, String> environment, PrintWriter out, PrintWriter err) {
        Main main = new Main(out, err);
        CommandLine commandLine = commandLine(arguments, environment);
        commandLine.setOut(out);
        commandLine.setErr(err);
        commandLine.setExecutionStrategy(main::execute);
        return commandLine.execute(arguments);
    }

    /** The command line for these arguments; the environment speaks of servers only. */
    static CommandLine commandLine(String[] arguments, Map<String, String> environment) {
        CommandLine commandLine =
                new CommandLine(new ServerCommand()).addSubcommand(new RunsCommand(environment));
        boolean isServer =
                arguments.length == 0 || !commandLine.getSubcommands().containsKey(arguments[0]);
        EnvironmentDefaults defaults = new EnvironmentDefaults(isServer ? environment : Map.of());
        return commandLine
                .setDefaultValueProvider(defaults)
                .setParameterExceptionHandler(new UsageErrors(defaults));
    }

    private int execute(CommandLine.ParseResult parsed) {
        boolean isServer = !parsed.hasSubcommand();
        boolean asksForHelp = parsed.isUsageHelpRequested() || parsed.isVersionHelpRequested();
        return isServer && !asksForHelp
                ? serve((ServerCommand) parsed.commandSpec().userObject())
                : new CommandLine.RunLast().execute(parsed);
    }

    private int serve(ServerCommand command) {
        ServerOptions options = command.options();
        ErrandServer server;
        try {
            server = ErrandServer.start(options);
        } catch (InvalidOptions refused) {
            refused.problems().forEach(problem -> err.println("errand-server: " + problem));
            return ExitCode.USAGE;
        } catch (IOException | RuntimeException failure) {
            err.println("errand-server: cannot start: " + reason(failure));
            return ExitCode.SOFTWARE;
        }
        endWithTheProcess(server);
        announce(server);
        awaitTheEnd();
        return ExitCode.OK;
    }

    /** A signal ends the process through its hooks, and an orderly end is a good one. */
    private static void endWithTheProcess(ErrandServer server) {
        Runnable end =
                () -> {
                    server.close();
                    Runtime.getRuntime().halt(ExitCode.OK);
                };
        Runtime.getRuntime().addShutdownHook(new Thread(end, "errand-end"));
    }

    private void announce(ErrandServer server) {
        String projects =
                server.projects().stream().map(String::valueOf).collect(Collectors.joining(", "));
        String label = server.projects().size() == 1 ? "project " : "projects ";
        out.println(
                "%s listening on %s (%s)"
                        .formatted(Version.text(), server.url(), label + projects));
        server.metricsUrl().ifPresent(url -> out.println("Meters at " + url));
        server.token()
                .map(Secret::reveal)
                .ifPresent(token -> out.println("Token, shown this once: " + token));
    }

    private static void awaitTheEnd() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    /** In one line; of a database the words of its driver, too, which name what is wrong. */
    private static String reason(Throwable failure) {
        String message = failure.getMessage();
        boolean tells = message != null && !message.isBlank();
        StringBuilder reason =
                new StringBuilder(tells ? message : failure.getClass().getSimpleName());
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException || cause instanceof UnknownHostException) {
                reason.append(": ").append(cause.getMessage());
            }
        }
        return reason.toString().lines().map(String::strip).collect(Collectors.joining(" "));
    }
}
