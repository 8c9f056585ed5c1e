package dev.errand.benchmarks.http;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.errand.Errand;
import dev.errand.access.Caller;
import dev.errand.benchmarks.host.ProjectHost;
import dev.errand.http.Authenticator;
import dev.errand.http.ErrandServlet;
import dev.errand.jdbc.JdbcBackend;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A process with Errand's servlet and {@link EchoServlet}. It ends with its standard input. */
public final class BenchmarkServer implements AutoCloseable {

    /** The token of the only user. */
    static final String TOKEN = "benchmark";

    private static final int CONNECTIONS = 8;

    private final Process process;
    private final int port;

    private BenchmarkServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts the process.
     *
     * @param database the URL of an empty PostgreSQL database; empty to store in memory
     */
    static BenchmarkServer start(Optional<String> database) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx4g", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error", "-cp"));
        command.add(System.getProperty("java.class.path"));
        command.add(BenchmarkServer.class.getName());
        database.ifPresent(command::add);
        Process process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
        BufferedReader output =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = output.readLine();
        if (line == null) {
            throw new IOException("the server ended before it printed its port");
        }
        return new BenchmarkServer(process, Integer.parseInt(line));
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        process.destroy();
    }

    /**
     * Serves until the standard input ends, and prints the port first.
     *
     * @param arguments the URL of a database, or nothing
     */
    public static void main(String[] arguments) throws Exception {
        Errand errand =
                arguments.length == 0 ? new ProjectHost().errand() : onDatabase(arguments[0]);
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler();
        context.addServlet(new ServletHolder(new EchoServlet()), EchoServlet.PATH);
        context.addServlet(
                new ServletHolder(
                        ErrandServlet.builder(
                                        errand,
                                        Authenticator.ofBearerTokens(
                                                token ->
                                                        Optional.of(token)
                                                                .filter(TOKEN::equals)
                                                                .map(
                                                                        valid ->
                                                                                Caller.user(
                                                                                        ProjectHost
                                                                                                .USER))))
                                .build()),
                "/*");
        server.setHandler(context);
        server.start();
        System.out.println(connector.getLocalPort());
        while (System.in.read() != -1) {
            // Wait for the end of the input.
        }
        System.exit(0);
    }

    private static Errand onDatabase(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(CONNECTIONS);
        return ProjectHost.engine(
                JdbcBackend.builder(new HikariDataSource(config)).migrate().open());
    }
}
