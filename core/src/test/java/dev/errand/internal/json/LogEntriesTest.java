package dev.errand.internal.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.errand.internal.wire.RequestBinder;
import dev.errand.internal.wire.RequestValidator;
import dev.errand.run.AppendLogRequest;
import dev.errand.spi.JsonText;
import dev.errand.spi.store.LogEntry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The log entries that are stored (docs/wire/logs.md#i5). */
class LogEntriesTest {

    private static final String CHUNK =
            "{\"event_id\":\"a-1\",\"notification\":{\"method\":\"session/update\",\"params\":"
                    + "{\"update\":{\"sessionUpdate\":\"agent_message_chunk\",\"text\":\"x\"}}}}";

    @Test
    void chunksOfMessagesAreNotStored() {
        assertThat(kept(CHUNK)).isEmpty();
    }

    @Test
    void anEntryBeyondTheUsualLimitsHasItsMembersToo() {
        String deep = "[".repeat(500) + "]".repeat(500);
        String entry = "{\"deep\":" + deep + ",\"event_id\":\"a-2\",\"notification\":%s}";

        assertThat(kept(entry.formatted("{\"method\":\"m\"}")))
                .extracting(LogEntry::eventId, LogEntry::type)
                .containsExactly(tuple(Optional.of("a-2"), "m"));
        assertThat(
                        kept(
                                entry.formatted(
                                        "{\"method\":\"session/update\",\"params\":{\"update\":"
                                                + "{\"sessionUpdate\":\"agent_message_chunk\"}}}")))
                .isEmpty();
    }

    @Test
    void theOrderIsKept() {
        assertThat(kept("{\"n\":1}", CHUNK, "{\"n\":2}", CHUNK, "{\"n\":3}"))
                .extracting(entry -> entry.json().text())
                .containsExactly("{\"n\":1}", "{\"n\":2}", "{\"n\":3}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"sessionUpdate\":\"agent_message_chunk\"}",
                "{\"notification\":\"agent_message_chunk\"}",
                "{\"notification\":{\"method\":\"session/update\"},\"x\":\"agent_message_chunk\"}",
                "{\"notification\":{\"method\":\"session/prompt\",\"params\":{\"update\":{\"sessionUpdate\":\"agent_message_chunk\"}}}}",
                "{\"notification\":{\"method\":\"session/update\",\"params\":{\"update\":{\"sessionUpdate\":\"agent_message\",\"t\":\"agent_message_chunk\"}}}}",
                "{\"notification\":{\"method\":\"session/update\",\"params\":{\"update\":[\"agent_message_chunk\"]}}}",
                "{\"notification\":{\"method\":\"session/update\",\"params\":\"agent_message_chunk\"}}",
                "{\"notification\":{\"method\":[],\"params\":{\"update\":{\"sessionUpdate\":\"agent_message_chunk\"}}}}",
                "{\"notification\":null,\"x\":\"agent_message_chunk\"}",
                "{\"type\":\"pi_event\",\"event\":{\"a\":1.10},\"id\":1}"
            })
    void everyOtherEntryIsStoredUnchanged(String entry) {
        assertThat(kept(entry)).extracting(LogEntry::json).containsExactly(JsonText.of(entry));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "{\"event_id\":\"a3056048-7\"}; a3056048-7",
                "{\"event_id\":\"\"}; ~~",
                "{\"event_id\":\"caf\\u00e9 \\\"x\\\"\"}; ~caf\u00e9 \"x\"~"
            })
    void theEventIdIsRead(String entry, String id) {
        assertThat(kept(entry)).extracting(LogEntry::eventId).containsExactly(Optional.of(id));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"event_id\":7}",
                "{\"event_id\":null}",
                "{\"event_id\":{\"event_id\":\"a\"}}",
                "{\"nested\":{\"event_id\":\"a\"}}",
                "{\"first_event_id\":\"a\"}",
                "{\"text\":\"event_id\"}"
            })
    void otherValuesAreNotEventIds(String entry) {
        assertThat(kept(entry)).extracting(LogEntry::eventId).containsExactly(Optional.empty());
    }

    /** docs/wire/logs.md#i8: the type of an entry, and its time. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "{\"n\":0}; ~~;",
                "{\"type\":\"x\",\"notification\":[]}; ~~;",
                "{\"notification\":{\"method\":7}}; ~~;",
                "{\"timestamp\":\"soon\",\"notification\":{\"method\":\"session/prompt\"}}; session/prompt;",
                "{\"notification\":{\"method\":\"session/update\"}}; session/update;",
                "{\"notification\":{\"method\":\"session/update\",\"params\":{\"update\":{\"sessionUpdate\":null}}}}; session/update;",
                "{\"notification\":{\"params\":{\"x\":[1],\"update\":{\"a\":{},\"sessionUpdate\":\"tool_call\"}},\"method\":\"session/update\"}}; tool_call;",
                "{\"notification\":{\"method\":\"m\",\"params\":{\"update\":{\"sessionUpdate\":\"tool_call\"}}}}; m;",
                "{\"notification\":{\"method\":\"m\"},\"notification\":{}}; ~~;",
                "{\"timestamp\":\"2026-05-07T11:00:01.5+02:00\"}; ~~; 2026-05-07T09:00:01.500Z",
                "{\"timestamp\":7}; ~~;"
            })
    void theTypeAndTheTimeAreRead(String entry, String type, Instant time) {
        assertThat(kept(entry))
                .containsExactly(
                        new LogEntry(
                                JsonText.of(entry),
                                Optional.empty(),
                                type,
                                Optional.ofNullable(time)));
    }

    /** Embedded callers may pass a text that is not JSON. */
    @Test
    void anEntryThatCannotBeParsedIsStoredUnchanged() {
        assertThat(kept("{\"event_id\":\"a-1\",\"notification\":{"))
                .extracting(LogEntry::eventId)
                .containsExactly(Optional.empty());
    }

    /** A name in JSON can contain escapes. */
    @Test
    void escapedNamesAreRecognised() {
        AppendLogRequest request =
                new RequestBinder(new RequestValidator(RequestValidator.defaultValidator()))
                        .read(
                                AppendLogRequest.class,
                                ("{\"entries\": [{\"event\\u005fid\": \"a-1\"}, "
                                                + CHUNK.replace(
                                                        "agent_message_chunk",
                                                        "agent\\u005fmessage_chunk")
                                                + "]}")
                                        .getBytes(StandardCharsets.UTF_8));
        assertThat(LogEntries.toStore(request.entries()))
                .containsExactly(
                        new LogEntry(JsonText.of("{\"event_id\":\"a-1\"}"), Optional.of("a-1")));
    }

    private static List<LogEntry> kept(String... entries) {
        return LogEntries.toStore(List.of(entries).stream().map(JsonText::of).toList());
    }
}
