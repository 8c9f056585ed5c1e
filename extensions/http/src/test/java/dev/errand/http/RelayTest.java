package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.PortException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Relaying messages to chat threads (docs/wire/runs.md#i12). */
class RelayTest {

    /** The body as recorded from an agent. */
    private static final String MESSAGE =
            "{\"text\": \"All done.\", \"text_parts\": [\"All done.\"], \"trace_id\": \"t-1\"}";

    @Test
    void aHostWithoutARelaySkipsEveryMessage() {
        try (Host host = Host.started()) {
            assertThat(relay(host, MESSAGE).isJson(200).text())
                    .isEqualTo("{\"status\":\"skipped\"}");
            relay(host, "{\"text\": \"\"}")
                    .isInvalid("blank", "This field may not be blank.", "text");
        }
    }

    @Test
    void aQueuedMessageIsAnsweredWithItsRelayId() {
        try (Host host =
                Host.with().engine(it -> it.relay((run, text) -> Optional.of("r-1"))).start()) {
            assertThat(relay(host, MESSAGE).isJson(200).text())
                    .isEqualTo("{\"status\":\"accepted\",\"relay_id\":\"r-1\"}");
        }
    }

    @Test
    void aFailingRelayIsAnsweredAsUnavailable() {
        Host.Builder failing =
                Host.with()
                        .engine(
                                it ->
                                        it.relay(
                                                (run, text) -> {
                                                    throw PortException.retryable(
                                                            "MessageRelay", "away");
                                                }));
        try (Host host = failing.start();
                CapturedLog log = new CapturedLog()) {
            relay(host, MESSAGE)
                    .isErrorWithErrorMember(
                            503,
                            "server_error",
                            "relay_unavailable",
                            "Failed to queue Slack relay",
                            null);

            assertThat(log.text()).contains("MessageRelay: away").doesNotContain("All done.");
        }
    }

    private static Reply relay(Host host, String body) {
        String task = Paths.newTask(host.rosa());
        String run = Paths.queued(host.rosa(), task, "{}").get("id").asText();
        return host.rosa().post(Paths.run(task, run) + "relay_message/", body);
    }
}
