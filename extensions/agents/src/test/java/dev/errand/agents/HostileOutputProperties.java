package dev.errand.agents;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.agents.HostileOutputTest.Program;
import dev.errand.spi.JsonText;
import dev.errand.spi.sandbox.SandboxListener.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Recorded output, changed at random. */
class HostileOutputProperties {

    /** A launcher cuts lines, and a program can be killed within one. */
    @Property(tries = 200)
    void a_line_may_be_cut_anywhere(
            @ForAll Program program, @ForAll @IntRange(max = 20) int number, @ForAll int where) {
        List<String> lines = program.lines();
        String line = lines.get(number % lines.size());
        int cut = Math.floorMod(where, line.length() + 1);
        AgentStream stream = program.stream();
        List<JsonText> entries = new ArrayList<>();
        entries.addAll(stream.translate(Source.STDOUT, line.substring(0, cut), Samples.NOW));
        entries.addAll(stream.translate(Source.STDOUT, line.substring(cut), Samples.NOW));
        if (cut > 0 && cut < line.length()) {
            assertThat(HostileOutputTest.draw(entries))
                    .containsExactly(
                            "_posthog/console info " + line.substring(0, cut),
                            "_posthog/console info " + line.substring(cut));
        }
    }

    /** Programs change their format without notice. */
    @Property(tries = 300)
    void no_value_of_a_known_event_makes_the_translation_fail(
            @ForAll Program program, @ForAll @IntRange(max = 20) int number, @ForAll int where) {
        List<String> lines = program.lines();
        String line = lines.get(number % lines.size());
        for (String value : List.of("null", "1e400", "[{}]", "\"x\"", "{\"a\":{}}", "true")) {
            String changed = replaceValue(line, where, value);
            AgentStream stream = program.stream();
            stream.translate(Source.STDOUT, changed, Samples.NOW);
            AgentResult result = stream.result(0, Optional.empty(), Samples.NOW);
            result.usage().ifPresent(usage -> assertThat(usage.total()).isNotNegative());
        }
    }

    private static String replaceValue(String line, int where, String value) {
        JsonNode tree = JsonLines.parse(line).orElseThrow();
        List<Runnable> replacements = new ArrayList<>();
        collect(
                tree,
                JsonLines.parse("{\"v\":" + value + "}").orElseThrow().get("v"),
                replacements);
        replacements.get(Math.floorMod(where, replacements.size())).run();
        return tree.toString();
    }

    private static void collect(JsonNode tree, JsonNode value, List<Runnable> replacements) {
        tree.properties()
                .forEach(
                        member -> {
                            replacements.add(() -> member.setValue(value));
                            collect(member.getValue(), value, replacements);
                        });
        tree.elements().forEachRemaining(element -> collect(element, value, replacements));
    }
}
