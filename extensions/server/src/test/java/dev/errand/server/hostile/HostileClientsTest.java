package dev.errand.server.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.server.ServerProcess;
import dev.errand.server.hostile.HostileWorld.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mutated requests over every route with every kind of credentials, beside slow clients, to a real
 * server that also executes runs: each is answered without a server error, a refused one changes
 * nothing, and an honest client is answered meanwhile.
 *
 * <p>{@code -Derrand.hostile.requests} is their number, {@code -Derrand.seed} the seed.
 */
class HostileClientsTest {

    private static final int REQUESTS = Integer.getInteger("errand.hostile.requests", 1_000);
    private static final long SEED = Long.getLong("errand.seed", 1);
    private static final int COMPARED = 20;
    private static final int HONEST_TURN = 10;
    private static final int RENEWED = 200;

    /** Of a hundred honest requests one may be slower: the build has few processors. */
    private static final Duration PROMPT = Duration.ofSeconds(1);

    /**
     * Jetty releases the buffer of a connection twice if it closes the connection while a body is
     * still arriving, about once in 75,000 of these requests. It logs the failure and closes the
     * connection.
     *
     * @see <a href="https://github.com/jetty/jetty.project/issues/12939">the issue of Jetty</a>
     */
    private static final Pattern JETTY_RELEASED_TWICE =
            Pattern.compile(
                    ".*Job failed\n.*IllegalStateException: already released .*\n(\tat .*\n)*"
                            + "\tat .*HttpConnection.releaseRequestBuffer.*\n(\tat .*\n)*");

    @TempDir Path folder;

    @Test
    void everyMutatedRequestIsAnsweredAndARefusedOneChangesNothing() throws Exception {
        Path tokens = Files.createDirectory(folder.resolve("tokens"));
        Path agent = Files.writeString(folder.resolve("agent.sh"), HostileWorld.AGENT);
        Path directory = Files.writeString(folder.resolve("dir.json"), HostileWorld.DIRECTORY);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rw-------"));
        try (ServerProcess server =
                        ServerProcess.start(
                                folder,
                                List.of("-Xmx256m"),
                                List.of(
                                        "--directory=" + directory,
                                        "--launcher=process",
                                        "--agent-command=sh '" + agent + "' '" + tokens + "'",
                                        "--work-dir=" + folder.resolve("work"),
                                        "--on-shutdown=stop",
                                        "--slots=64",
                                        "--grace-period=1s",
                                        "--inactivity-limit=2h",
                                        "--time-limit=2h"));
                SlowClients slow = new SlowClients(server.url())) {
            HostileWorld world = new HostileWorld(server.url(), tokens);
            world.renew();
            slow.start();
            AtomicBoolean ended = new AtomicBoolean();
            Semaphore turns = new Semaphore(0);
            CompletableFuture<List<Duration>> honest =
                    CompletableFuture.supplyAsync(() -> workUntil(ended, turns, world));

            int refused;
            try {
                refused = attack(server, world, slow, turns);
            } finally {
                ended.set(true);
                turns.release();
                honest.handle((times, failure) -> "ended").join();
                server.terminate(); // Also ends the agents.
            }
            server.awaitOrderlyEnd();

            List<Duration> times = honest.join();
            long late = times.stream().filter(time -> time.compareTo(PROMPT) > 0).count();
            System.out.printf(
                    "%s requests, %s refused; %s honest rounds, %s with a request over %s, the slowest %s%n",
                    REQUESTS,
                    refused,
                    times.size(),
                    late,
                    PROMPT,
                    times.stream().max(Duration::compareTo).orElseThrow());
            assertThat(late)
                    .as("of %s honest rounds", times.size())
                    .isLessThan(1 + times.size() / 100);
            assertThat(refused).isGreaterThan(REQUESTS / 2).isLessThan(REQUESTS);
            assertThat(JETTY_RELEASED_TWICE.matcher(server.errors()).replaceAll(""))
                    .doesNotContain("ERROR", "\tat ", "Exception", "OutOfMemory");
        }
    }

    private static int attack(
            ServerProcess server, HostileWorld world, SlowClients slow, Semaphore turns)
            throws Exception {
        MutatedRequests requests = new MutatedRequests(SEED);
        List<String> credentials = world.authorizations();
        int refused = 0;
        for (int i = 0; i < REQUESTS; i++) {
            if (i % RENEWED == 0) {
                world.renew();
                credentials = world.authorizations();
            }
            String authorization = requests.pick(credentials);
            // A user who may do everything would only end the live runs.
            int kinds = authorization.endsWith(HostileWorld.WRITER) ? 2 : world.targets().size();
            Target target = world.targets().get(i / Route.ALL.size() % kinds);
            byte[] request =
                    requests.next(
                            Route.ALL.get(i % Route.ALL.size()),
                            target.task(),
                            target.run(),
                            authorization);
            List<String> before = i % COMPARED == 0 ? world.state() : List.of();

            HostileReply reply = HostileReply.to(server.url(), request);

            String shown = "seed %s, request %s: %s".formatted(SEED, i, shown(request));
            reply.isTold(shown);
            if (!reply.isAccepted()) {
                refused++;
                if (i % COMPARED == 0) {
                    assertThat(world.state()).as(shown + "\n" + reply).isEqualTo(before);
                }
            }
            slow.next();
            if (i % HONEST_TURN == 0) {
                turns.release();
            }
        }
        return refused;
    }

    private static List<Duration> workUntil(
            AtomicBoolean ended, Semaphore turns, HostileWorld world) {
        List<Duration> times = new ArrayList<>();
        try {
            while (!ended.get()) {
                turns.acquireUninterruptibly();
                times.add(world.workHonestly());
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return times;
    }

    private static String shown(byte[] request) {
        String text = new String(request, StandardCharsets.ISO_8859_1);
        return text.substring(0, Math.min(text.length(), 700));
    }
}
