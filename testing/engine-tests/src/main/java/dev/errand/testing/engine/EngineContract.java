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

/** Fixture of the engine scenarios: an engine with empty storage, and assertions on its errors. */
@ExtendWith(PassedTestCounter.class)
public abstract class EngineContract implements NamedStorage {

    /** The engine under test. */
    TestEngine engine;

    /** A JSON client for Rosa in the first project. */
    WireClient rosa;

    private EngineFactory factory;

    /** For the contracts in this package. */
    EngineContract() {}

    /** Returns the factory of the engine under test; called once for each test. */
    protected abstract EngineFactory factory();

    @Override
    public final String storage() {
        return factory.storage().name();
    }

    /** Opens the engine with empty storage. */
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

    /** Reopens the engine on the same storage, with other options and additional listeners. */
    void configure(EngineOptions policies, RunListener... listeners) {
        engine.configure(policies, listeners);
        rosa = new WireClient(engine.rosas());
    }

    /** Returns the error code with this wire text. */
    static ErrorCode code(String wire) {
        return Arrays.stream(ErrorCode.values())
                .filter(code -> code.wire().equals(wire))
                .findFirst()
                .orElseThrow();
    }

    /** Asserts that a response has these members with these values. */
    static void assertMembers(JsonNode answer, String members) {
        ObjectNode shown = WireJson.object();
        WireJson.names(json(members)).forEach(name -> shown.set(name, answer.get(name)));
        assertThat(shown).isEqualTo(json(members));
    }

    /**
     * Asserts that the request is rejected with this first violation, and that nothing has changed.
     *
     * @param attr the invalid member, or null if the violation concerns no single member
     */
    InvalidRequestException assertRejected(
            ThrowingCallable call, ErrorCode code, String attr, String detail) {
        String before = engine.snapshot();
        InvalidRequestException rejected =
                catchThrowableOfType(InvalidRequestException.class, call);
        assertThat(rejected).as("rejection").isNotNull();
        Violation first = rejected.first();
        assertThat(first.code()).as(first.toString()).isEqualTo(code);
        assertThat(first.attr()).isEqualTo(Optional.ofNullable(attr));
        assertThat(first.detail()).isEqualTo(detail);
        assertThat(engine.snapshot()).isEqualTo(before);
        return rejected;
    }

    /** Asserts a rejection with the default detail of the error code. */
    InvalidRequestException assertRejected(ThrowingCallable call, ErrorCode code, String attr) {
        return assertRejected(call, code, attr, code.detail());
    }

    /** Asserts that the request is denied, and that nothing has changed. */
    void assertDenied(ThrowingCallable call, ErrorCode code, String detail) {
        String before = engine.snapshot();
        RequestException denied = catchThrowableOfType(RequestException.class, call);
        assertThat(denied).as("denial").isNotNull();
        assertThat(denied.code()).as(denied.getMessage()).isEqualTo(code);
        assertThat(denied).hasMessage(detail);
        assertThat(engine.snapshot()).isEqualTo(before);
    }

    /** Asserts that the requested object is not found. */
    void assertNotFound(ThrowingCallable call) {
        assertDenied(call, ErrorCode.NOT_FOUND, "Not found.");
    }

    /** Asserts that the task of a run is not found. */
    void assertTaskNotFound(ThrowingCallable call) {
        assertDenied(call, ErrorCode.NOT_FOUND, "Task not found");
    }
}
