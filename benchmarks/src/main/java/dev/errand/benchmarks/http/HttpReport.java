package dev.errand.benchmarks.http;

import dev.errand.benchmarks.host.ProjectHost;
import dev.errand.benchmarks.host.SampleLog;
import dev.errand.testpostgres.PostgresServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Measures requests over HTTP with the in-memory backend, beside a servlet that echoes bodies in
 * the same container, in turn; then appends to a log with PostgreSQL.
 */
public final class HttpReport {

    private static final String TASKS = "/api/projects/" + ProjectHost.PROJECT.value() + "/tasks/";
    private static final String CREATE =
            "{\"title\":\"Fix the crash of the cart\",\"description\":\"Opening the cart with 41"
                    + " items crashes. The cart was opened on Android 14 without a network, filled"
                    + " while the device was offline and emptied again before it came back; see the"
                    + " trace that is attached to the report.\",\"origin_product\":\"user_created\","
                    + "\"repository\":\"acme/mobile\"}";
    private static final int CONNECTIONS = 16;
    private static final int PREPARED_TASKS = 10_000;
    private static final int PAGE = 100;

    private final BenchmarkServer server;
    private final int rounds;
    private final long millis;

    private HttpReport(BenchmarkServer server, int rounds, long millis) {
        this.server = server;
        this.rounds = rounds;
        this.millis = millis;
    }

    /**
     * Prints the report.
     *
     * @param arguments {@code --quick} for fewer and shorter rounds, or nothing
     */
    public static void main(String[] arguments) throws Exception {
        Locale.setDefault(Locale.ROOT);
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "error");
        boolean quick = List.of(arguments).contains("--quick");
        if (arguments.length > (quick ? 1 : 0)) {
            System.err.println("usage: HttpReport [--quick]");
            System.exit(2);
        }
        int rounds = quick ? 3 : 7;
        long millis = quick ? 1_500 : 4_000;
        try (BenchmarkServer server = BenchmarkServer.start(Optional.empty())) {
            new HttpReport(server, rounds, millis).compareWithEcho();
        }
        String database = PostgresServer.startDurable().newDatabase("errand_bench_http");
        try (BenchmarkServer server = BenchmarkServer.start(Optional.of(database))) {
            new HttpReport(server, rounds, millis).appendOnPostgres();
        }
    }

    /** The requests of one connection, which are repeated in order. */
    private interface Requests {
        List<byte[]> of(int connection);
    }

    private void compareWithEcho() throws Exception {
        List<String> tasks = createTasks();
        byte[] create = HttpClientConnection.request("POST", TASKS, CREATE);
        byte[] get = HttpClientConnection.request("GET", TASKS + tasks.get(0) + "/", "");
        byte[] list = HttpClientConnection.request("GET", TASKS + "?limit=" + PAGE, "");
        byte[] run = HttpClientConnection.request("POST", EchoServlet.PATH, "{}");
        System.out.println(
                "| %d connections, requests/s | echo | Errand | ratio | of the rounds | target |"
                        .formatted(CONNECTIONS));
        System.out.println("|---|---|---|---|---|---|");
        compare(
                "create a task",
                HttpClientConnection.request("POST", EchoServlet.PATH, CREATE),
                connection -> List.of(create),
                Optional.of(0.75));
        compare("get a task", echoOf(get), connection -> List.of(get), Optional.of(0.85));
        compare("run a task", run, connection -> runRequests(tasks, connection), Optional.empty());
        compare(
                "list, page of " + PAGE,
                echoOf(list),
                connection -> List.of(list),
                Optional.empty());
    }

    /** Lets the echo servlet answer GET as Errand answers a request, and returns that GET. */
    private byte[] echoOf(byte[] request) throws IOException {
        try (HttpClientConnection client = new HttpClientConnection(server.port())) {
            String body = new String(client.exchange(request), StandardCharsets.UTF_8);
            client.exchange(HttpClientConnection.request("PUT", EchoServlet.PATH, body));
        }
        return HttpClientConnection.request("GET", EchoServlet.PATH, "");
    }

    private List<String> createTasks() throws IOException {
        byte[] create = HttpClientConnection.request("POST", TASKS, CREATE);
        List<String> ids = new ArrayList<>();
        try (HttpClientConnection client = new HttpClientConnection(server.port())) {
            for (int i = 0; i < PREPARED_TASKS; i++) {
                ids.add(id(client.exchange(create)));
            }
        }
        return ids;
    }

    /** Returns the first id in a response, which is that of the task. */
    private static String id(byte[] response) {
        String body = new String(response, StandardCharsets.UTF_8);
        int begin = body.indexOf("\"id\":\"") + 6;
        return body.substring(begin, begin + 36);
    }

    private static List<byte[]> runRequests(List<String> tasks, int connection) {
        List<byte[]> requests = new ArrayList<>();
        for (int i = connection; i < tasks.size(); i += CONNECTIONS) {
            requests.add(
                    HttpClientConnection.request("POST", TASKS + tasks.get(i) + "/run/", "{}"));
        }
        return requests;
    }

    private void compare(String label, byte[] echo, Requests errand, Optional<Double> target)
            throws Exception {
        double[] limits = new double[rounds];
        double[] rates = new double[rounds];
        double[] ratios = new double[rounds];
        Requests echoes = connection -> List.of(echo);
        rate(echoes, CONNECTIONS); // Lets the JVM compile the code.
        rate(errand, CONNECTIONS);
        rate(errand, CONNECTIONS);
        for (int round = 0; round < rounds; round++) {
            limits[round] = rate(echoes, CONNECTIONS);
            rates[round] = rate(errand, CONNECTIONS);
            ratios[round] = rates[round] / limits[round];
        }
        double ratio = median(ratios);
        boolean missed = target.isPresent() && ratio < target.get();
        System.out.printf(
                "| %s | %,.0f | %,.0f | %s | %.2f–%.2f | %s |%n",
                label,
                median(limits),
                median(rates),
                (missed ? "**%.2f**" : "%.2f").formatted(ratio),
                ratios[0],
                ratios[rounds - 1],
                target.map(bound -> "≥ " + bound).orElse(""));
    }

    private void appendOnPostgres() throws Exception {
        String run;
        try (HttpClientConnection client = new HttpClientConnection(server.port())) {
            String task = id(client.exchange(HttpClientConnection.request("POST", TASKS, CREATE)));
            String path = TASKS + task + "/run/";
            String body =
                    new String(
                            client.exchange(HttpClientConnection.request("POST", path, "{}")),
                            StandardCharsets.UTF_8);
            String latest = body.substring(body.indexOf("\"latest_run\":"));
            run = TASKS + task + "/runs/" + id(latest.getBytes(StandardCharsets.UTF_8));
        }
        System.out.println("\n| append ten entries, PostgreSQL, one run | calls/s | range |");
        System.out.println("|---|---|---|");
        for (int connections : List.of(1, 8)) {
            double[] rates = new double[rounds];
            rate(connection -> appendRequests(run), connections);
            for (int round = 0; round < rounds; round++) {
                rates[round] = rate(connection -> appendRequests(run), connections);
            }
            System.out.printf(
                    "| %d connections | %,.0f | %,.0f–%,.0f |%n",
                    connections, median(rates), rates[0], rates[rounds - 1]);
        }
    }

    /** Returns requests with new event ids, more than are sent in one round. */
    private static List<byte[]> appendRequests(String run) {
        String source = UUID.randomUUID().toString().substring(0, 8);
        List<byte[]> requests = new ArrayList<>();
        for (int i = 0; i < PREPARED_TASKS; i++) {
            List<String> entries = SampleLog.entries(source, (long) i * SampleLog.ENTRIES);
            requests.add(
                    HttpClientConnection.request(
                            "POST",
                            run + "/append_log/",
                            "{\"entries\":[" + String.join(",", entries) + "]}"));
        }
        return requests;
    }

    /** Returns the median, and leaves the values sorted. */
    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    /** Returns the responses per second over some connections, each with its own thread. */
    private double rate(Requests requests, int connections) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(connections);
        try {
            List<Callable<Long>> loops = new ArrayList<>();
            List<List<byte[]>> prepared = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                prepared.add(requests.of(i));
            }
            long end = System.nanoTime() + millis * 1_000_000;
            prepared.forEach(each -> loops.add(() -> repeat(each, end)));
            long responses = 0;
            for (Future<Long> done : executor.invokeAll(loops)) {
                responses += done.get();
            }
            return responses * 1e3 / millis;
        } finally {
            executor.shutdown();
        }
    }

    private long repeat(List<byte[]> requests, long end) throws IOException {
        try (HttpClientConnection client = new HttpClientConnection(server.port())) {
            long count = 0;
            while (System.nanoTime() < end) {
                client.exchange(requests.get((int) (count % requests.size())));
                count++;
            }
            return count;
        }
    }
}
