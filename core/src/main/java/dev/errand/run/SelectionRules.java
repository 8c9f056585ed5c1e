package dev.errand.run;

import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.Violation;
import dev.errand.spi.run.PermissionMode;
import dev.errand.spi.run.ReasoningEffort;
import dev.errand.spi.run.RuntimeAdapter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The rules between a request's permission mode and its runtime (contract E1, E2), reported in the
 * contract's order. Which model supports which effort is configuration, and is checked by the
 * engine.
 */
final class SelectionRules {

    private SelectionRules() {}

    static void check(
            Optional<PermissionMode> permissionMode,
            Optional<RuntimeAdapter> adapter,
            Optional<String> model,
            Optional<ReasoningEffort> effort) {
        List<Violation> violations = new ArrayList<>(0);
        permissionMode
                .flatMap(mode -> PermissionModes.problem(adapter, mode))
                .ifPresent(text -> violations.add(invalid("initial_permission_mode", text)));
        new RuntimeSelection(adapter, model, effort)
                .missing()
                .forEach(
                        member ->
                                violations.add(invalid(member.wire(), RuntimeSelection.REQUIRED)));
        if (!violations.isEmpty()) {
            throw new InvalidRequestException(violations);
        }
    }

    private static Violation invalid(String attr, String detail) {
        return Violation.of(ErrorCode.INVALID_INPUT, attr, detail);
    }
}
