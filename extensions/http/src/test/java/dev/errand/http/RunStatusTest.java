package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which status a report may follow, and which run may be started (contract G3 to G5, I2, I3). */
class RunStatusTest {

    static final List<String> STATUSES =
            List.of("not_started", "queued", "in_progress", "completed", "failed", "cancelled");

    // spotless:off
    private static final Map<String, String> STRICT = Map.of(
            //   from \ to     not_started queued in_progress completed failed cancelled
            "not_started",    "same        -      yes         yes       yes    yes",
            "queued",         "-           same   yes         yes       yes    yes",
            "in_progress",    "-           -      same        yes       yes    yes",
            "completed",      "-           -      -           same      -      -",
            "failed",         "-           -      -           -         same   -",
            "cancelled",      "-           -      -           -         -      same");
    // spotless:on

    private static final List<String> TERMINAL = STATUSES.subList(3, 6);

    private static Host host;
    private static Client rosa;

    static Stream<Arguments> cells() {
        return STATUSES.stream()
                .flatMap(from -> STATUSES.stream().map(to -> Arguments.of(from, to)));
    }

    @BeforeAll
    static void start() {
        host = Host.started();
        rosa = host.rosa();
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    @ParameterizedTest
    @MethodSource("cells")
    void everyStatusIsReportedAfterEvery(String from, String to) {
        String path = runIn(from);
        JsonNode before = rosa.get(path).json();
        host.clock().advance(Duration.ofSeconds(1));

        Reply reply = rosa.patch(path, "{\"status\": \"" + to + "\", \"stage\": \"build\"}");

        if (STRICT.get(from).split("\\s+")[STATUSES.indexOf(to)].equals("-")) {
            reply.isErrorTwice(
                    400,
                    "validation_error",
                    "invalid_status_transition",
                    "Cannot change status from " + from + " to " + to,
                    "status");
            assertThat(rosa.get(path).json()).isEqualTo(before);
        } else {
            JsonNode after = reply.isJson(200).json();
            assertThat(after.get("status").asText()).isEqualTo(to);
            assertThat(after.get("stage").asText()).isEqualTo("build");
            assertThat(after.get("completed_at").isNull()).isEqualTo(!TERMINAL.contains(to));
            if (from.equals(to)) {
                assertThat(after.get("completed_at")).isEqualTo(before.get("completed_at"));
            }
            assertThat(rosa.get(path).json()).isEqualTo(after);
        }
    }

    @ParameterizedTest
    @FieldSource("STATUSES")
    void onlyACloudRunThatHasNotBegunIsStarted(String status) {
        String path = runIn(status) + "start/";

        if (STATUSES.indexOf(status) < 2) {
            JsonNode task = rosa.post(path, "{}").isJson(200).json();
            assertThat(task.at("/latest_run/status").asText()).isEqualTo("queued");
        } else {
            // The artifact is missing too, and that is told later.
            rosa.post(path, "{\"pending_user_artifact_ids\": [\"a\"]}")
                    .isErrorTwice(
                            400,
                            "validation_error",
                            "not_startable",
                            "Only queued or not_started cloud runs can be started"
                                    + " (current status: "
                                    + status
                                    + ")",
                            null);
        }
    }

    @ParameterizedTest
    @FieldSource("STATUSES")
    void aLocalRunIsStartedInNoStatus(String status) {
        String path = runIn(status);
        rosa.patch(path, "{\"environment\": \"local\"}").isJson(200);

        rosa.post(path + "start/", "{\"pending_user_artifact_ids\": [\"a\"]}")
                .isErrorTwice(
                        400,
                        "validation_error",
                        "not_startable",
                        "Only cloud runs can be started via this endpoint",
                        null);
    }

    @ParameterizedTest
    @FieldSource("STATUSES")
    void anEndThatIsToldAgainIsNotMoved(String status) {
        String path = runIn(status);
        JsonNode before = rosa.get(path).json();
        host.clock().advance(Duration.ofSeconds(1));

        JsonNode after = rosa.patch(path, "{\"status\": \"" + status + "\"}").isJson(200).json();

        assertThat(after).isEqualTo(before);
    }

    @Test
    void aChangeThatIsRefusedChangesNoOtherMember() {
        String path = runIn("completed");
        JsonNode before = rosa.get(path).json();

        rosa.patch(
                        path,
                        """
                        {"status": "queued", "branch": "b", "stage": "s", "output": 1,
                         "state": {"a": 1}, "error_message": "m", "environment": "local"}""")
                .isErrorTwice(
                        400,
                        "validation_error",
                        "invalid_status_transition",
                        "Cannot change status from completed to queued",
                        "status");

        assertThat(rosa.get(path).json()).isEqualTo(before);
    }

    /** The path of a new cloud run in this status. */
    private static String runIn(String status) {
        String task = Paths.newTask(rosa);
        if (status.equals("not_started")) {
            return Paths.run(task, Paths.newRun(rosa, task, "{\"environment\": \"cloud\"}"));
        }
        String path = Paths.run(task, Paths.queued(rosa, task, "{}").get("id").asText());
        if (!status.equals("queued")) {
            rosa.patch(path, "{\"status\": \"" + status + "\"}").isJson(200);
        }
        return path;
    }
}
