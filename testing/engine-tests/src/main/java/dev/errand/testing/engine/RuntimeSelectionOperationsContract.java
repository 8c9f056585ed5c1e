package dev.errand.testing.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.error.ErrorCode;
import dev.errand.spi.run.PermissionMode;
import dev.errand.spi.run.ReasoningEffort;
import dev.errand.spi.task.TaskId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Which adapter, model, effort and permission mode go together, cell by cell, for a task that is
 * run and for a run that is recorded, local or in the cloud (contract E1 to E3).
 */
public abstract class RuntimeSelectionOperationsContract extends EngineContract {

    /** What makes a run. */
    private enum Making {
        RUN,
        RECORD_LOCAL,
        RECORD_CLOUD
    }

    private TaskId task;

    /** For the contracts. */
    protected RuntimeSelectionOperationsContract() {}

    /** One task of Rosa's. */
    @BeforeEach
    public void createTask() {
        task = engine.task();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    claude | claude-opus-4-5   | low, medium, high
                    claude | claude-opus-4-6   | low, medium, high, xhigh, max
                    claude | claude-opus-4-7   | low, medium, high, xhigh, max
                    claude | claude-sonnet-4-6 | low, medium, high
                    claude | claude-sonnet-4-5 | none
                    claude | claude-haiku-4-5  | none
                    claude | gpt-5.4           | none
                    codex  | gpt-5.4           | low, medium, high
                    codex  | claude-opus-4-6   | low, medium, high
                    """)
    void anEffortGoesWithItsModels(String adapter, String model, String supported) {
        for (ReasoningEffort effort : ReasoningEffort.values()) {
            ObjectNode body = selection(adapter, model, effort.wire());
            for (Making making : Making.values()) {
                if (List.of(supported.split(", ")).contains(effort.wire())) {
                    JsonNode run = make(making, body);
                    assertMembers(run, body.toString());
                    assertThat(run.get("provider").textValue())
                            .isEqualTo(adapter.equals("claude") ? "anthropic" : "openai");
                } else {
                    assertRefused(
                            () -> make(making, body),
                            ErrorCode.INVALID_INPUT,
                            "reasoning_effort",
                            "Reasoning effort '%s' is not supported for runtime_adapter '%s' and model '%s'. Supported values: %s."
                                    .formatted(effort.wire(), adapter, model, supported));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    claude | claude-opus-4-6 | 'default', 'acceptEdits', 'plan', 'bypassPermissions', 'auto'
                    codex  | gpt-5.4         | 'auto', 'read-only', 'full-access'
                    """)
    void aPermissionModeGoesWithItsAdapters(String adapter, String model, String allowed) {
        for (PermissionMode mode : PermissionMode.values()) {
            ObjectNode body = selection(adapter, model, null);
            body.put("initial_permission_mode", mode.wire());
            for (Making making : Making.values()) {
                if (List.of(allowed.split(", ")).contains("'" + mode.wire() + "'")) {
                    assertThat(make(making, body).at("/state/initial_permission_mode").textValue())
                            .isEqualTo(mode.wire());
                } else {
                    assertRefused(
                            () -> make(making, body),
                            ErrorCode.INVALID_INPUT,
                            "initial_permission_mode",
                            "Invalid choice '%s' for runtime_adapter '%s'. Supported values: %s."
                                    .formatted(mode.wire(), adapter, allowed));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPermissionModeNeedsAnAdapter(PermissionMode mode) {
        ObjectNode body = WireJson.object().put("initial_permission_mode", mode.wire());
        for (Making making : Making.values()) {
            assertRefused(
                    () -> make(making, body),
                    ErrorCode.INVALID_INPUT,
                    "initial_permission_mode",
                    "This field requires runtime_adapter to be set.");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                          |   |     |
                          |   | low | runtime_adapter
                          | m |     | runtime_adapter
                          | m | low | runtime_adapter
                    codex |   |     | model
                    codex |   | low | model
                    codex | m |     |
                    codex | m | low |
                    """)
    void whatIsSelectedIsSelectedWhole(String adapter, String model, String effort, String attr) {
        ObjectNode body = selection(adapter, model, effort);
        for (Making making : Making.values()) {
            if (attr == null) {
                make(making, body);
            } else {
                assertRefused(
                        () -> make(making, body),
                        ErrorCode.INVALID_INPUT,
                        attr,
                        "This field is required when selecting a cloud runtime.");
            }
        }
    }

    private static ObjectNode selection(String adapter, String model, String effort) {
        ObjectNode body = WireJson.object();
        Optional.ofNullable(adapter).ifPresent(it -> body.put("runtime_adapter", it));
        Optional.ofNullable(model).ifPresent(it -> body.put("model", it));
        Optional.ofNullable(effort).ifPresent(it -> body.put("reasoning_effort", it));
        return body;
    }

    private JsonNode make(Making making, ObjectNode body) {
        return switch (making) {
            case RUN -> rosa.runTask(task, body.toString()).get("latest_run");
            case RECORD_LOCAL -> rosa.createRun(task, body.toString());
            case RECORD_CLOUD ->
                    rosa.createRun(task, body.deepCopy().put("environment", "cloud").toString());
        };
    }
}
