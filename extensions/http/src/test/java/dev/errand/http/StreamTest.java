package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.http.EventReader.Frame;
import dev.errand.profile.ApiProfile;
import dev.errand.spi.PortException;
import dev.errand.spi.store.Backend;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The event stream of a run (docs/wire/stream.md#i13). */
class StreamTest {

    @RegisterExtension static final Host host = Host.started();

    private static final Client rosa = host.rosa();
    private static final Duration AFTER_THE_GRACE = Duration.ofMinutes(1);

    private String task;
    private String path;

    @BeforeEach
    void newRun() {
        task = Paths.newTask(rosa);
        path = Paths.run(task, Paths.newRun(rosa, task));
    }

    @Test
    void sendsTheLogThenTheStateThenWhatFollows() {
        append(rosa, path, "{\"b\":1.50,\"a\":\"\\u00fc\\n\"}", "{\"n\":2}");
        try (EventReader stream = rosa.stream(path + "stream/")) {
            assertThat(stream.response().statusCode()).isEqualTo(200);
            assertThat(stream.response().headers().map())
                    .containsEntry("content-type", List.of("text/event-stream"))
                    .containsEntry("cache-control", List.of("no-cache"))
                    .containsEntry("x-accel-buffering", List.of("no"));
            List<Frame> replayed = stream.next(2);
            assertThat(replayed).extracting(Frame::id).containsExactly("log-0", "log-1");
            assertThat(replayed).extracting(Frame::event).containsOnly("");
            Frame state = stream.next();
            assertThat(state.id()).isEmpty();
            assertState(state, rosa.get(path).json());

            append(rosa, path, "{\"n\":3}");
            Frame live = stream.next();
            rosa.patch(path, "{\"status\": \"in_progress\", \"stage\": \"build\"}").isJson(200);
            assertState(stream.next(), rosa.get(path).json());

            String entries = replayed.stream().map(Frame::data).collect(Collectors.joining(","));
            assertThat(rosa.get(path + "session_logs/").text())
                    .isEqualTo("[" + entries + "," + live.data() + "]");
        }
    }

    private static void assertState(Frame state, JsonNode run) {
        JsonNode shown = Reply.json(state.data());
        assertThat(Reply.members(shown))
                .containsExactly(
                        "type",
                        "run_id",
                        "task_id",
                        "status",
                        "stage",
                        "output",
                        "branch",
                        "error_message",
                        "updated_at",
                        "completed_at");
        assertThat(shown.get("type").asText()).isEqualTo("task_run_state");
        assertThat(shown.get("run_id")).isEqualTo(run.get("id"));
        assertThat(shown.get("task_id")).isEqualTo(run.get("task"));
        for (String member : Reply.members(shown).subList(3, 10)) {
            assertThat(shown.get(member)).as(member).isEqualTo(run.get(member));
        }
    }

    @ParameterizedTest(name = "Last-Event-ID {0}, start={1}")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            textBlock =
                    """
            -          | -      | log-0 log-1 log-2
            -          | other  | log-0 log-1 log-2
            log-0      | -      | log-1 log-2
            log-1      | latest | log-2
            log-1.7    | -      | log-2
            log-2      | -      | ''
            log-3      | -      | log-0 log-1 log-2
            log-00     | -      | log-0 log-1 log-2
            log--1     | -      | log-0 log-1 log-2
            log-9999999999999999999 | - | log-0 log-1 log-2
            1746610272-0 | latest | log-0 log-1 log-2
            """)
    void startsAfterTheEntryThatTheClientHas(String lastEventId, String start, String ids) {
        append(rosa, path, "{\"n\":1}", "{\"n\":2}", "{\"n\":3}");
        String query = start == null ? "" : "?start=" + start;
        String[] headers =
                lastEventId == null ? new String[0] : new String[] {"Last-Event-ID", lastEventId};
        try (EventReader stream = rosa.stream(path + "stream/" + query, headers)) {
            List<String> expected = ids.isEmpty() ? List.of() : List.of(ids.split(" "));
            assertThat(stream.next(expected.size()))
                    .extracting(Frame::id)
                    .containsExactlyElementsOf(expected);
            assertThat(stream.next().isState()).isTrue();
        }
    }

    @Test
    void latestNamesTheLastEntryFirst() {
        try (EventReader stream = rosa.stream(path + "stream/?start=latest")) {
            assertThat(stream.next().isState()).as("the log is empty").isTrue();
        }
        append(rosa, path, "{\"n\":1}", "{\"n\":2}");
        try (EventReader stream = rosa.stream(path + "stream/?start=latest")) {
            assertThat(stream.next())
                    .isEqualTo(new Frame("keepalive", "log-1", "{\"type\": \"keepalive\"}"));
            assertThat(stream.next().isState()).isTrue();
            append(rosa, path, "{\"n\":3}");
            assertThat(stream.next()).isEqualTo(Frame.entry(2, "{\"n\":3}"));
        }
    }

    @Test
    void anEndedRunIsReplayedAndTheStreamEnds() {
        append(rosa, path, "{\"n\":1}");
        end(host, rosa, path);
        append(rosa, path, "{\"n\":2}");

        List<Frame> frames = rosa.stream(path + "stream/").rest();

        assertThat(frames.subList(0, 2))
                .containsExactly(Frame.entry(0, "{\"n\":1}"), Frame.entry(1, "{\"n\":2}"));
        assertThat(frames).hasSize(3);
        assertState(frames.get(2), rosa.get(path).json());
    }

    @Test
    void theStreamEndsAfterTheRun() {
        try (EventReader stream = rosa.stream(path + "stream/")) {
            assertThat(stream.next().isState()).isTrue();
            append(rosa, path, "{\"n\":1}");
            end(host, rosa, path);

            List<Frame> rest = stream.rest();

            assertThat(rest).contains(Frame.entry(0, "{\"n\":1}"));
            assertState(rest.get(rest.size() - 1), rosa.get(path).json());
        }
    }

    @Test
    void laterClientsAreToldThatTheRunHasEnded() {
        try (Host later = hostOfLaterClients(Duration.ofHours(1))) {
            Client client = later.rosa();
            String run = newRun(client);
            end(later, client, run);

            List<Frame> frames = client.stream(run + "stream/").rest();

            assertThat(frames.get(0).isState()).isTrue();
            assertThat(frames.subList(1, frames.size()))
                    .containsExactly(new Frame("stream-end", "", "{\"status\": \"complete\"}"));
        }
    }

    @Test
    void anOldStreamOfLaterClientsRotates() {
        try (Host later = hostOfLaterClients(Duration.ofMillis(1))) {
            Client client = later.rosa();

            List<Frame> frames = client.stream(newRun(client) + "stream/").rest();

            assertThat(frames.get(frames.size() - 1))
                    .isEqualTo(new Frame("end", "", "{\"type\": \"rotated\"}"));
        }
    }

    private static Host hostOfLaterClients(Duration maxAge) {
        return Host.with()
                .profile(ApiProfile.V2026_09)
                .servlet(
                        builder ->
                                builder.eventStreams(EventStreamOptions.DEFAULT.withMaxAge(maxAge)))
                .start();
    }

    @Test
    void anIdleStreamIsKeptAlive() {
        EventStreamOptions often = EventStreamOptions.DEFAULT.withKeepAlive(Duration.ofMillis(20));
        try (Host other = Host.with().servlet(builder -> builder.eventStreams(often)).start()) {
            Client client = other.rosa();
            try (EventReader stream = client.stream(newRun(client) + "stream/")) {
                assertThat(stream.next().isState()).isTrue();
                assertThat(stream.next(2))
                        .containsOnly(new Frame("keepalive", "", "{\"type\": \"keepalive\"}"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/event-stream", "text/*;q=0.1", "application/json, */*", ""})
    void aClientThatAcceptsEventStreamsGetsOne(String accept) {
        end(host, rosa, path);
        Reply reply = rosa.send(rosa.request(path + "stream/").setHeader("Accept", accept).GET());
        assertThat(reply.header("Content-Type")).isEqualTo("text/event-stream");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"application/json", "text/event-stream; q=0.0, */*", "text/plain,image/*"})
    void aClientThatAcceptsNoEventStreamsGetsAnError(String accept) {
        rosa.send(rosa.request(path + "stream/").setHeader("Accept", accept).GET())
                .isError(
                        406,
                        "invalid_request",
                        "not_acceptable",
                        "Could not satisfy the request Accept header.",
                        null);
    }

    @Test
    void requestsAreCheckedAsThoseOfOtherOperations() {
        rosa.get(Paths.run(task, Paths.MISSING) + "stream/").isNotFound();
        rosa.get(Paths.run(Paths.MISSING, Paths.MISSING) + "stream/").isTaskNotFound();
        rosa.as(null).get(path + "stream/").isEnvelope();
        rosa.post(path + "stream/", "{}").isEnvelope();
        Reply head = rosa.send("HEAD", path + "stream/", null, BodyPublishers.noBody());
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("Content-Type")).isEqualTo("text/event-stream");
    }

    @Test
    void theStreamEndsWithAnErrorWhenTheTaskIsDeleted() {
        String run = Paths.run(task, Paths.queued(rosa, task, "{}").get("id").asText());
        try (EventReader stream = rosa.stream(run + "stream/")) {
            assertThat(stream.next().isState()).isTrue();
            rosa.delete(Paths.task(task));

            assertThat(stream.rest()).contains(error("Stream not available"));
        }
    }

    @Test
    void aCallerMayOpenAQuarterOfTheStreams() {
        TrafficLimits four = TrafficLimits.DEFAULT.withEventStreams(4);
        try (Host small = Host.with().servlet(builder -> builder.trafficLimits(four)).start()) {
            Client client = small.rosa();
            String run = newRun(client) + "stream/";
            try (EventReader open = client.stream(run)) {
                assertThat(open.next().isState()).isTrue();
                assertThat(client.stream(run).rest()).containsExactly(error("Backlog busy"));
                // The limit of simultaneous requests does not count streams.
                client.get(Paths.TASKS).isJson(200);
            }
            // The server notices the closed connection when it writes.
            Frame first = error("Backlog busy");
            for (int i = 0; i < 1_000 && first.equals(error("Backlog busy")); i++) {
                append(client, run.replace("stream/", ""), "{}");
                try (EventReader next = client.stream(run)) {
                    first = next.next();
                }
            }
            assertThat(first).isEqualTo(Frame.entry(0, "{}"));
        }
    }

    /** The client continues with another stream, after the entry that it received last. */
    @Test
    void aClientThatDoesNotReadIsDropped() {
        EventStreamOptions impatient =
                EventStreamOptions.DEFAULT
                        .withSlowReaderTimeout(Duration.ofMillis(200))
                        .withKeepAlive(Duration.ofMillis(300));
        try (Host other = Host.with().servlet(builder -> builder.eventStreams(impatient)).start()) {
            Client client = other.rosa();
            String run = newRun(client);
            String large = "{\"text\":\"" + "x".repeat(1_000_000) + "\"}";
            for (int i = 0; i < 20; i++) {
                append(client, run, large);
            }
            try (OpenRequest slow = OpenRequest.get(other.url(), run + "stream/", Tokens.ROSA)) {
                slow.awaitFirstByte();
                try (EventReader timer = client.stream(run + "stream/?start=latest")) {
                    // The first one, the state, and three after times without traffic.
                    timer.next(5);
                }
                assertThat(slow.isDroppedAfterAtMost(15_000_000)).isTrue();
            }
        }
    }

    @Test
    void theHostCanEndAllStreams() {
        try (Host stopping = Host.started()) {
            Client client = stopping.rosa();
            String run = newRun(client) + "stream/";
            try (EventReader stream = client.stream(run)) {
                assertThat(stream.next().isState()).isTrue();
                stopping.servlet().closeStreams();
                assertThat(stream.rest()).isEmpty();
            }
            assertThat(client.stream(run).rest()).isEmpty();
        }
    }

    @Test
    void aStreamEndsWithAnErrorIfTheStorageFails() {
        FailingPorts ports = new FailingPorts();
        try (Host failing =
                Host.with().backend(backend -> ports.wrap(Backend.class, backend)).start()) {
            Client client = failing.rosa();
            String run = newRun(client);
            append(client, run, "{}");
            ports.failWith("read", 0, PortException.permanent("RunLog", "lost"));

            assertThat(client.stream(run + "stream/").rest())
                    .containsExactly(error("Backlog unavailable"));
        }
    }

    @Test
    void aHostWithoutAsynchronousSupportHasNoStreams() {
        try (Host blocking = Host.with().withoutAsyncSupport().start()) {
            Client client = blocking.rosa();
            assertThat(client.get(newRun(client) + "stream/").isEnvelope().status()).isEqualTo(500);
        }
    }

    private static Frame error(String text) {
        return new Frame("error", "", "{\"error\": \"" + text + "\"}");
    }

    private static String newRun(Client client) {
        String owner = Paths.newTask(client);
        return Paths.run(owner, Paths.newRun(client, owner));
    }

    private static void append(Client client, String run, String... entries) {
        client.post(run + "append_log/", "{\"entries\": [" + String.join(",", entries) + "]}")
                .isJson(200);
    }

    private static void end(Host of, Client client, String run) {
        client.patch(run, "{\"status\": \"in_progress\"}").isJson(200);
        client.patch(run, "{\"status\": \"completed\"}").isJson(200);
        of.clock().advance(AFTER_THE_GRACE);
    }
}
