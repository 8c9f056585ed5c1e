package dev.errand.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.run.Provider;
import dev.errand.spi.run.ReasoningEffort;
import dev.errand.spi.run.RuntimeAdapter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuntimeSelectionTest {

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    # adapter, model,   effort, missing
                    ,          ,        ,
                    claude,    ,        ,       model
                    ,          gpt-5.4, ,       runtime_adapter
                    ,          ,        low,    runtime_adapter model
                    claude,    ,        low,    model
                    ,          gpt-5.4, low,    runtime_adapter
                    codex,     gpt-5.4, ,
                    codex,     gpt-5.4, low,
                    """)
    void everyCombinationOfMembers(String adapter, String model, String effort, String missing) {
        RuntimeSelection selection =
                new RuntimeSelection(
                        Optional.ofNullable(adapter).flatMap(RuntimeAdapter::fromWire),
                        Optional.ofNullable(model),
                        Optional.ofNullable(effort).flatMap(ReasoningEffort::fromWire));
        assertThat(selection.missing().stream().map(RuntimeSelection.Member::wire))
                .containsExactlyElementsOf(
                        missing == null ? List.of() : List.of(missing.split(" ")));
        assertThat(selection.isPresent())
                .isEqualTo(adapter != null || model != null || effort != null);
    }

    @ParameterizedTest
    @CsvSource({"CLAUDE, ANTHROPIC", "CODEX, OPENAI"})
    void providerFollowsTheAdapter(RuntimeAdapter adapter, Provider provider) {
        RuntimeSelection selection =
                new RuntimeSelection(Optional.of(adapter), Optional.of("m"), Optional.empty());
        assertThat(selection.provider()).hasValue(provider);
    }

    @Test
    void nothingSelectedHasNoProvider() {
        assertThat(RuntimeSelection.NONE.provider()).isEmpty();
        assertThat(RuntimeSelection.NONE.isPresent()).isFalse();
    }

    @Test
    void theTextEqualsThatOfTheContract() {
        assertThat(RuntimeSelection.REQUIRED)
                .isEqualTo("This field is required when selecting a cloud runtime.");
    }
}
