package dev.errand.run;

import dev.errand.internal.constraints.JsonObjectValue;
import dev.errand.internal.constraints.JsonRpcId;
import dev.errand.internal.constraints.NotJsonNull;
import dev.errand.internal.json.JsonObject;
import dev.errand.spi.JsonText;
import dev.errand.spi.WireValue;
import jakarta.validation.constraints.NotNull;
import java.util.Optional;
import java.util.function.Function;

/**
 * A command for the agent in the sandbox of a run: a JSON-RPC request (docs/wire/runs.md#i11).
 *
 * @param jsonrpc the version of JSON-RPC
 * @param method what the agent is to do
 * @param params the parameters of the method, an object; absent means no parameters
 * @param id a string or a number, which the answer repeats
 */
@ValidCommand
public record CommandRequest(
        @NotNull Version jsonrpc,
        @NotNull Method method,
        Optional<@NotJsonNull @JsonObjectValue JsonText> params,
        Optional<@NotJsonNull @JsonRpcId JsonText> id) {

    /** Returns a request without an id. */
    public static CommandRequest of(Method method, JsonText params) {
        return new CommandRequest(Version.V2, method, Optional.of(params), Optional.empty());
    }

    /** Returns why the parameters are invalid for the method, or empty if they are valid. */
    Optional<String> problemOfParams() {
        boolean isChecked = method != null && params.map(JsonText::isObject).orElse(true);
        return isChecked
                ? method.rule.apply(params.map(JsonObject::parse).orElseGet(JsonObject::empty))
                : Optional.empty(); // The constraints of the members report it.
    }

    /** The versions of JSON-RPC (docs/wire/enums.md#b17). */
    public enum Version implements WireValue {
        /** JSON-RPC 2.0. */
        V2;

        @Override
        public String wire() {
            return "2.0";
        }
    }

    /** The methods of commands, each with the rule of its parameters (docs/wire/enums.md#b16). */
    public enum Method implements WireValue {
        /** Sends a message of the user to the agent. */
        USER_MESSAGE("user_message", CommandParams::problemOfMessage),
        /** Interrupts what the agent does. */
        CANCEL("cancel", params -> Optional.empty()),
        /** Ends the session of the agent. */
        CLOSE("close", params -> Optional.empty()),
        /** Answers a request of the agent for a permission. */
        PERMISSION_RESPONSE(
                "permission_response",
                params -> CommandParams.problemOfTexts(params, "requestId", "optionId")),
        /** Changes a setting of the session. */
        SET_CONFIG_OPTION(
                "set_config_option",
                params -> CommandParams.problemOfTexts(params, "configId", "value"));

        private final String wire;
        private final Function<JsonObject, Optional<String>> rule;

        Method(String wire, Function<JsonObject, Optional<String>> rule) {
            this.wire = wire;
            this.rule = rule;
        }

        @Override
        public String wire() {
            return wire;
        }
    }
}
