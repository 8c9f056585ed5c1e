package dev.errand.run;

import static dev.errand.spi.run.PermissionMode.ACCEPT_EDITS;
import static dev.errand.spi.run.PermissionMode.AUTO;
import static dev.errand.spi.run.PermissionMode.BYPASS_PERMISSIONS;
import static dev.errand.spi.run.PermissionMode.DEFAULT;
import static dev.errand.spi.run.PermissionMode.FULL_ACCESS;
import static dev.errand.spi.run.PermissionMode.PLAN;
import static dev.errand.spi.run.PermissionMode.READ_ONLY;

import dev.errand.spi.run.PermissionMode;
import dev.errand.spi.run.RuntimeAdapter;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which adapter knows which permission mode (contract B9, E1). */
final class PermissionModes {

    /** The text where a request has a mode and no adapter (contract E1). */
    static final String ADAPTER_REQUIRED = "This field requires runtime_adapter to be set.";

    private PermissionModes() {}

    /** The modes that an adapter knows, in the order of contract B9. */
    static List<PermissionMode> allowed(RuntimeAdapter adapter) {
        // spotless:off
        return switch (adapter) {
            case CLAUDE -> List.of(DEFAULT, ACCEPT_EDITS, PLAN, BYPASS_PERMISSIONS, AUTO);
            case CODEX  -> List.of(AUTO, READ_ONLY, FULL_ACCESS);
        };
        // spotless:on
    }

    /**
     * Why a request cannot have this mode; empty if it can (contract E1).
     *
     * @param requestedAdapter the adapter in the same request; one inherited by resume does not
     *     count
     */
    static Optional<String> problem(
            Optional<RuntimeAdapter> requestedAdapter, PermissionMode mode) {
        Objects.requireNonNull(mode, "mode");
        if (requestedAdapter.isEmpty()) {
            return Optional.of(ADAPTER_REQUIRED);
        }
        RuntimeAdapter adapter = requestedAdapter.get();
        List<PermissionMode> allowed = allowed(adapter);
        if (allowed.contains(mode)) {
            return Optional.empty();
        }
        String values =
                allowed.stream()
                        .map(one -> "'" + one.wire() + "'")
                        .collect(Collectors.joining(", "));
        return Optional.of(
                "Invalid choice '"
                        + mode.wire()
                        + "' for runtime_adapter '"
                        + adapter.wire()
                        + "'. Supported values: "
                        + values
                        + ".");
    }
}
