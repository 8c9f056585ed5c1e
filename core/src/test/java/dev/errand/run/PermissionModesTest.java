package dev.errand.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.run.PermissionMode;
import dev.errand.spi.run.RuntimeAdapter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PermissionModesTest {

    private static final Map<String, String> SUPPORTED =
            Map.of(
                    "claude", "'default', 'acceptEdits', 'plan', 'bypassPermissions', 'auto'",
                    "codex", "'auto', 'read-only', 'full-access'");

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
                    codex,  plan,              false
                    codex,  bypassPermissions, false
                    codex,  auto,              true
                    codex,  read-only,         true
                    codex,  full-access,       true
                    """)
    void everyAdapterAndModeIsDecided(String adapterWire, String modeWire, boolean allowed) {
        RuntimeAdapter adapter = RuntimeAdapter.fromWire(adapterWire).orElseThrow();
        PermissionMode mode = PermissionMode.fromWire(modeWire).orElseThrow();
        assertThat(PermissionModes.allowed(adapter).contains(mode)).isEqualTo(allowed);
        assertThat(PermissionModes.problem(Optional.of(adapter), mode))
                .isEqualTo(
                        allowed
                                ? Optional.empty()
                                : Optional.of(
                                        "Invalid choice '%s' for runtime_adapter '%s'. Supported values: %s."
                                                .formatted(
                                                        modeWire,
                                                        adapterWire,
                                                        SUPPORTED.get(adapterWire))));
    }

    @ParameterizedTest
    @EnumSource
    void aModeRequiresAnAdapter(PermissionMode mode) {
        assertThat(PermissionModes.problem(Optional.empty(), mode))
                .hasValue("This field requires runtime_adapter to be set.");
    }

    @ParameterizedTest
    @EnumSource
    void modesAreInTheOrderOfTheContract(RuntimeAdapter adapter) {
        List<PermissionMode> allowed = PermissionModes.allowed(adapter);
        assertThat(allowed)
                .containsExactlyElementsOf(
                        Stream.of(PermissionMode.values()).filter(allowed::contains).toList());
    }

    @Test
    void theTextIsTheExampleOfTheContract() {
        assertThat(PermissionModes.problem(Optional.of(RuntimeAdapter.CODEX), PermissionMode.PLAN))
                .hasValue(
                        "Invalid choice 'plan' for runtime_adapter 'codex'. Supported values:"
                                + " 'auto', 'read-only', 'full-access'.");
    }
}
