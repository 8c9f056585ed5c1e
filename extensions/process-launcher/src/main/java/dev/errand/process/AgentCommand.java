package dev.errand.process;

import java.util.List;

/**
 * The program that a sandbox runs, and its arguments. No shell ever reads it.
 *
 * @param words the program, an absolute path or a name to be found on the sandbox's {@code PATH},
 *     and then its arguments, each handed over exactly as it is
 */
public record AgentCommand(List<String> words) {

    /**
     * Copies and checks the words.
     *
     * @throws IllegalArgumentException if there is no word, a word holds a NUL character, or the
     *     program is blank or a relative path
     */
    public AgentCommand {
        words = List.copyOf(words);
        if (words.isEmpty() || words.get(0).isBlank()) {
            throw new IllegalArgumentException("command must name a program");
        }
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i).indexOf('\0') >= 0) {
                throw new IllegalArgumentException("word " + i + " of command holds a NUL");
            }
        }
        String program = words.get(0);
        if (program.indexOf('/') > 0) {
            throw new IllegalArgumentException(
                    "program must be an absolute path or a plain name, not " + program);
        }
    }

    /** The command of exactly these words. */
    public static AgentCommand of(List<String> words) {
        return new AgentCommand(words);
    }

    /**
     * Splits a line into words as a POSIX shell does: at blanks, with single quotes, double quotes
     * and backslashes.
     *
     * <p>Nothing is expanded and nothing is an operator: {@code $HOME}, {@code *} and {@code &&}
     * are ordinary text.
     *
     * @throws IllegalArgumentException if a quote is not closed, the line ends in a backslash, or
     *     the words make no command
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

    /** Names the program and hides its arguments, which may hold what is nobody's business. */
    @Override
    public String toString() {
        return "AgentCommand[" + program() + ", " + arguments().size() + " arguments]";
    }
}
