package dev.errand.internal.dispatch;

import dev.errand.dispatch.ProviderLimitPolicy;
import dev.errand.internal.json.JsonObject;
import dev.errand.run.StateKey;
import dev.errand.spi.JsonText;
import dev.errand.spi.run.Run;
import dev.errand.spi.sandbox.SandboxExit;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Decides which runs wait for the end of a limit of their provider
 * (docs/operations.md#provider-limits). The state of a run counts how often it has waited. Pure
 * functions.
 */
final class ProviderLimits {

    private ProviderLimits() {}

    /** Returns when a run can continue, or empty if it must not wait for that. */
    static Optional<Instant> retryAt(
            Run run, SandboxExit exit, ProviderLimitPolicy policy, Instant now) {
        return exit.report()
                .retryAt()
                .filter(time -> exit.problem().isEmpty() && exit.stopReason().isEmpty())
                .filter(time -> waits(run.state()) < policy.maxWaits())
                .filter(time -> !time.isAfter(now.plus(policy.maxWait())));
    }

    /** Returns the state of a run that waits once more. */
    static JsonText countWait(JsonText state) {
        JsonText waits = JsonText.of(Integer.toString(waits(state) + 1));
        Map<String, JsonText> member = Map.of(StateKey.PROVIDER_LIMIT_WAITS.wire(), waits);
        return JsonObject.merge(Optional.of(state), JsonObject.of(member).toJson());
    }

    private static int waits(JsonText state) {
        return JsonObject.tryParse(state)
                .flatMap(object -> object.member(StateKey.PROVIDER_LIMIT_WAITS.wire()))
                .map(JsonText::text)
                .filter(text -> text.matches("[0-9]{1,9}"))
                .map(Integer::valueOf)
                .orElse(0);
    }
}
