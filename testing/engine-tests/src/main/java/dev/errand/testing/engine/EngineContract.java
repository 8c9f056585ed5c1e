package dev.errand.testing.engine;

import static dev.errand.testing.engine.WireJson.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.config.EngineOptions;
import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.RequestException;
import dev.errand.error.Violation;
import dev.errand.spi.run.RunListener;
import dev.errand.tck.NamedStorage;
import dev.errand.tck.PassedTestCounter;
import java.util.Arrays;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the scenario tests share: one engine over an empty storage, and how it refuses. */
@ExtendWith(PassedTestCounter.class)
public abstract class EngineContract implements NamedStorage {

    /** The engine under test. */
    TestEngine engine;

    /** Rosa in the first project, in JSON. */
    WireClient rosa;

    private EngineFactory factory;

    /** For the contracts. */
    EngineContract() {}

    /** How to get at what is tested; asked once a test. */
    protected abstract EngineFactory factory();

    @Override
    public final String storage() {
        return factory.storage().name();
    }

    /** Opens the engine over an empty storage. */
    @BeforeEach
    public void openEngine() {
        factory = factory();
        factory.storage().reset();
        engine = new TestEngine(factory);
        rosa = new WireClient(engine.rosas());
    }

    /** Closes the engine and empties the storage. */
    @AfterEach
    public void closeEngine() {
        engine.close();
        factory.storage().reset();
    }

    /** Opens the engine anew, over the same storage, with other policies and more listeners. */
    void configure(EngineOptions policies, RunListener... listeners) {
        engine.configure(policies, listeners);
        rosa = new WireClient(engine.rosas());
    }

    /** The code with this text on the wire. */
    static ErrorCode code(String wire) {
        return Arrays.stream(ErrorCode.values())
                .filter(code -> code.wire().equals(wire))
                .findFirst()
                .orElseThrow();
    }

    /** An answer has these members with these values. */
    static void assertMembers(JsonNode answer, String members) {
        ObjectNode shown = WireJson.object();
        WireJson.names(json(members)).forEach(name -> shown.set(name, answer.get(name)));
        assertThat(shown).isEqualTo(json(members));
    }

    /**
     * The request is refused, first of all for this, and nothing changed.
     *
     * @param attr null where no member is to blame
     */
    InvalidRequestException assertRefused(
            ThrowingCallable call, ErrorCode code, String attr, String detail) {
        String before = engine.picture();
        InvalidRequestException refused = catchThrowableOfType(InvalidRequestException.class, call);
        assertThat(refused).as("refusal").isNotNull();
        Violation first = refused.first();
        assertThat(first.code()).as(first.toString()).isEqualTo(code);
        assertThat(first.attr()).isEqualTo(Optional.ofNullable(attr));
        assertThat(first.detail()).isEqualTo(detail);
        assertThat(engine.picture()).isEqualTo(before);
        return refused;
    }

    /** The same, in the words that the code has for it. */
    InvalidRequestException assertRefused(ThrowingCallable call, ErrorCode code, String attr) {
        return assertRefused(call, code, attr, code.detail());
    }

    /** The request is denied, and nothing changed. */
    void assertDenied(ThrowingCallable call, ErrorCode code, String detail) {
        String before = engine.picture();
        RequestException denied = catchThrowableOfType(RequestException.class, call);
        assertThat(denied).as("denial").isNotNull();
        assertThat(denied.code()).as(denied.getMessage()).isEqualTo(code);
        assertThat(denied).hasMessage(detail);
        assertThat(engine.picture()).isEqualTo(before);
    }

    /** What is asked for is not there. */
    void assertNotFound(ThrowingCallable call) {
        assertDenied(call, ErrorCode.NOT_FOUND, "Not found.");
    }

    /** The task above a run is not there. */
    void assertTaskNotFound(ThrowingCallable call) {
        assertDenied(call, ErrorCode.NOT_FOUND, "Task not found");
    }
}
