package dev.errand.run;

import static dev.errand.spi.run.PermissionMode.ACCEPT_EDITS;
import static dev.errand.spi.run.PermissionMode.AUTO;
import static dev.errand.spi.run.PermissionMode.BYPASS_PERMISSIONS;
import static dev.errand.spi.run.PermissionMode.DEFAULT;
import static dev.errand.spi.run.PermissionMode.FULL_ACCESS;
import static dev.errand.spi.run.PermissionMode.PLAN;
import static dev.errand.spi.run.PermissionMode.READ_ONLY;

import dev.errand.profile.ApiProfile;
import dev.errand.spi.run.PermissionMode;
import dev.errand.spi.run.RuntimeAdapter;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The permission modes that each adapter supports (docs/wire/enums.md#b9,
 * docs/wire/runtime-selection.md#e1).
 */
final class PermissionModes {

    /**
     * The text of the violation if a request has a mode but no adapter
     * (docs/wire/runtime-selection.md#e1).
     */
    static final String ADAPTER_REQUIRED = "This field requires runtime_adapter to be set.";

    private PermissionModes() {}

    /** Returns the modes that an adapter supports, in the order of docs/wire/enums.md#b9. */
    static List<PermissionMode> allowed(RuntimeAdapter adapter, ApiProfile profile) {
        // spotless:off
        return switch (adapter) {
            case CLAUDE -> List.of(DEFAULT, ACCEPT_EDITS, PLAN, BYPASS_PERMISSIONS, AUTO);
            case CODEX  -> switch (profile) {
                case V2026_05 -> List.of(AUTO, READ_ONLY, FULL_ACCESS);
                case V2026_09 -> List.of(PLAN, AUTO, READ_ONLY, FULL_ACCESS);
            };
        };
        // spotless:on
    }

    /**
     * Returns why a request cannot have a mode, or empty if it can
     * (docs/wire/runtime-selection.md#e1).
     *
     * @param requestedAdapter the adapter in the same request, not one that is inherited
     */
    static Optional<String> problem(
            Optional<RuntimeAdapter> requestedAdapter, PermissionMode mode, ApiProfile profile) {
        Objects.requireNonNull(mode, "mode");
        if (requestedAdapter.isEmpty()) {
            return Optional.of(ADAPTER_REQUIRED);
        }
        RuntimeAdapter adapter = requestedAdapter.get();
        List<PermissionMode> allowed = allowed(adapter, profile);
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
