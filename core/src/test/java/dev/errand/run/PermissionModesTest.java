package dev.errand.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.profile.ApiProfile;
import dev.errand.spi.run.PermissionMode;
import dev.errand.spi.run.RuntimeAdapter;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PermissionModesTest {

    private static final String CLAUDE =
            "'default', 'acceptEdits', 'plan', 'bypassPermissions', 'auto'";
    private static final String CODEX = "'auto', 'read-only', 'full-access'";

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    claude, default,           true
                    claude, acceptEdits,       true
                    claude, plan,              true
                    claude, bypassPermissions, true
                    claude, auto,              true
                    claude, read-only,         false
                    claude, full-access,       false
                    codex,  default,           false
                    codex,  acceptEdits,       false
                    codex,  plan,              2026-09
                    codex,  bypassPermissions, false
                    codex,  auto,              true
                    codex,  read-only,         true
                    codex,  full-access,       true
                    """)
    void everyAdapterAndModeIsDecided(String adapterWire, String modeWire, String allowedIn) {
        for (ApiProfile profile : ApiProfile.values()) {
            boolean allowed =
                    ApiProfile.fromWire(allowedIn)
                            .map(profile::includes)
                            .orElseGet(() -> Boolean.valueOf(allowedIn));
            String supported =
                    adapterWire.equals("claude")
                            ? CLAUDE
                            : profile == ApiProfile.V2026_05 ? CODEX : "'plan', " + CODEX;
            decides(adapterWire, modeWire, profile, allowed, supported);
        }
    }

    private static void decides(
            String adapterWire,
            String modeWire,
            ApiProfile profile,
            boolean allowed,
            String supported) {
        RuntimeAdapter adapter = RuntimeAdapter.fromWire(adapterWire).orElseThrow();
        PermissionMode mode = PermissionMode.fromWire(modeWire).orElseThrow();
        assertThat(PermissionModes.allowed(adapter, profile).contains(mode)).isEqualTo(allowed);
        assertThat(PermissionModes.problem(Optional.of(adapter), mode, profile))
                .isEqualTo(
                        allowed
                                ? Optional.empty()
                                : Optional.of(
                                        "Invalid choice '%s' for runtime_adapter '%s'. Supported values: %s."
                                                .formatted(modeWire, adapterWire, supported)));
    }

    @ParameterizedTest
    @EnumSource
    void aModeRequiresAnAdapter(PermissionMode mode) {
        assertThat(PermissionModes.problem(Optional.empty(), mode, ApiProfile.V2026_05))
                .hasValue("This field requires runtime_adapter to be set.");
    }

    @Test
    void theTextIsTheExampleOfTheContract() {
        assertThat(
                        PermissionModes.problem(
                                Optional.of(RuntimeAdapter.CODEX),
                                PermissionMode.PLAN,
                                ApiProfile.V2026_05))
                .hasValue(
                        "Invalid choice 'plan' for runtime_adapter 'codex'. Supported values:"
                                + " 'auto', 'read-only', 'full-access'.");
    }
}
