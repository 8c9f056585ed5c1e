package dev.errand.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Splitting a line into words. Each row is compared with a real shell. */
class AgentCommandTest {

    static Stream<Arguments> lines() {
        // spotless:off
        return Stream.of(
            //        line                              words
            words("agent",                              "agent"),
            words("  agent \t run\n",                   "agent", "run"),
            words("git clone 'a b' c",                  "git", "clone", "a b", "c"),
            words("agent ''",                           "agent", ""),
            words("agent \"\" x",                       "agent", "", "x"),
            words("agent a'b c'd\"e f\"g",              "agent", "ab cde fg"),
            words("agent a\\ b \\'c",                   "agent", "a b", "'c"),
            words("agent \"a\\\"b\\\\c\\$d\\`e\"",      "agent", "a\"b\\c$d`e"),
            words("agent \"a\\nb\\'c\"",                "agent", "a\\nb\\'c"),
            words("agent 'a\\b\"c'",                    "agent", "a\\b\"c"),
            words("agent a\\\nb \"c\\\nd\"",            "agent", "ab", "cd"),
            words("agent 'a\nb'",                       "agent", "a\nb"),
            words("agent --x='{\"k\": [1, 2]}'",        "agent", "--x={\"k\": [1, 2]}"),
            words("agent ä\u00a0ö",                     "agent", "ä\u00a0ö"),
            words("agent a#b",                          "agent", "a#b"));
        // spotless:on
    }

    @ParameterizedTest
    @MethodSource("lines")
    void splitsALineAsAShellDoes(String line, List<String> words) throws Exception {
        assertThat(AgentCommand.parse(line).words()).isEqualTo(words);
        assertThat(wordsOfTheShell(line)).isEqualTo(words);
    }

    @Test
    void expansionsAndOperatorsAreOrdinaryText() {
        assertThat(AgentCommand.parse("agent $HOME * ~ `id` $(id) a && b | c > d # e").words())
                .containsExactly(
                        "agent", "$HOME", "*", "~", "`id`", "$(id)", "a", "&&", "b", "|", "c", ">",
                        "d", "#", "e");
    }

    @Test
    void unclosedQuotesAreRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AgentCommand.parse("agent 'a b"))
                .withMessage("the quote ' at character 7 is never closed");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AgentCommand.parse("agent \"a b'"))
                .withMessage("the quote \" at character 7 is never closed");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AgentCommand.parse("agent \"a b\\\""));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AgentCommand.parse("agent a\\"))
                .withMessageContaining("backslash");
    }

    @Test
    void commandRequiresAProgram() {
        assertThatIllegalArgumentException().isThrownBy(() -> AgentCommand.parse(" \n"));
        assertThatIllegalArgumentException().isThrownBy(() -> AgentCommand.parse("'' x"));
        assertThatIllegalArgumentException().isThrownBy(() -> AgentCommand.of(List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> AgentCommand.parse("bin/agent"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AgentCommand.of(List.of("agent", "a\0b")));
    }

    @Test
    void toStringOmitsTheArguments() {
        assertThat(AgentCommand.parse("agent --key sesame"))
                .hasToString("AgentCommand[agent, 2 arguments]");
    }

    private static Arguments words(String line, String... words) {
        return Arguments.of(line, List.of(words));
    }

    private static List<String> wordsOfTheShell(String line) throws Exception {
        ProcessBuilder shell =
                new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        "set -f; agent() { printf '%s\\0' agent \"$@\"; }\ngit() {"
                                + " printf '%s\\0' git \"$@\"; }\n"
                                + line.strip());
        shell.environment().put("LC_ALL", "C.UTF-8");
        Process process = shell.start();
        String output = new String(process.getInputStream().readAllBytes(), "UTF-8");
        assertThat(process.waitFor()).isZero();
        return List.of(output.substring(0, output.length() - 1).split("\0", -1));
    }
}
