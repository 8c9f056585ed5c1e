package dev.errand.process;

import java.util.List;

/**
 * The program that a sandbox runs and its arguments. No shell interprets the words.
 *
 * @param words the program, either an absolute path or a name to look up on the sandbox's {@code
 *     PATH}, followed by its arguments
 */
public record AgentCommand(List<String> words) {

    /**
     * Creates a command with a copy of the words.
     *
     * @throws IllegalArgumentException if {@code words} is empty, a word contains a NUL character,
     *     or the program is blank or a relative path
     */
    public AgentCommand {
        words = List.copyOf(words);
        if (words.isEmpty() || words.get(0).isBlank()) {
            throw new IllegalArgumentException(
                    "command must start with a program, but is empty or blank");
        }
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i).indexOf('\0') >= 0) {
                throw new IllegalArgumentException(
                        "word " + i + " of command contains a NUL character");
            }
        }
        String program = words.get(0);
        if (program.indexOf('/') > 0) {
            throw new IllegalArgumentException(
                    "program must be an absolute path or a name without '/', not " + program);
        }
    }

    /** Returns a command of exactly these words. */
    public static AgentCommand of(List<String> words) {
        return new AgentCommand(words);
    }

    /**
     * Splits a line into words as a POSIX shell does: at white space, with single quotes, double
     * quotes and backslashes.
     *
     * <p>Nothing is expanded and there are no operators: {@code $HOME}, {@code *} and {@code &&}
     * are ordinary text.
     *
     * @throws IllegalArgumentException if a quote is not closed, the line ends in a backslash, or
     *     the words do not form a valid command
     */
    public static AgentCommand parse(String line) {
        return new AgentCommand(WordSplitter.split(line));
    }

    String program() {
        return words.get(0);
    }

    List<String> arguments() {
        return words.subList(1, words.size());
    }

    /**
     * Returns the program and the number of arguments. The arguments are omitted because they may
     * be confidential.
     */
    @Override
    public String toString() {
        return "AgentCommand[" + program() + ", " + arguments().size() + " arguments]";
    }
}
