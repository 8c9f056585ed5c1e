package dev.errand.process;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a line into words by the quoting rules of the POSIX shell (2.2), without its expansions.
 */
final class WordSplitter {

    private static final String ESCAPABLE_IN_DOUBLE_QUOTES = "$`\"\\";

    private final String line;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;
    private int at;

    private WordSplitter(String line) {
        this.line = line;
    }

    /**
     * Returns the words of a line in order.
     *
     * @throws IllegalArgumentException if a quote is not closed or the line ends in a backslash
     */
    static List<String> split(String line) {
        return new WordSplitter(line).words();
    }

    private List<String> words() {
        while (at < line.length()) {
            char c = line.charAt(at++);
            switch (c) {
                case ' ', '\t', '\n' -> endWord();
                case '\'' -> singleQuoted();
                case '"' -> doubleQuoted();
                case '\\' -> escaped();
                default -> append(c);
            }
        }
        endWord();
        return List.copyOf(words);
    }

    private void escaped() {
        if (at == line.length()) {
            throw new IllegalArgumentException("the line ends in a backslash that escapes nothing");
        }
        char c = line.charAt(at++);
        if (c != '\n') {
            append(c);
        }
    }

    private void singleQuoted() {
        int opened = at;
        int closed = line.indexOf('\'', opened);
        if (closed < 0) {
            throw unclosed('\'', opened);
        }
        inWord = true;
        word.append(line, opened, closed);
        at = closed + 1;
    }

    private void doubleQuoted() {
        int opened = at;
        inWord = true;
        while (at < line.length()) {
            char c = line.charAt(at++);
            if (c == '"') {
                return;
            }
            if (c != '\\' || at == line.length()) {
                word.append(c);
                continue;
            }
            char next = line.charAt(at++);
            if (ESCAPABLE_IN_DOUBLE_QUOTES.indexOf(next) >= 0) {
                word.append(next);
            } else if (next != '\n') {
                word.append(c).append(next);
            }
        }
        throw unclosed('"', opened);
    }

    private void append(char c) {
        inWord = true;
        word.append(c);
    }

    private void endWord() {
        if (inWord) {
            words.add(word.toString());
            word.setLength(0);
            inWord = false;
        }
    }

    private static IllegalArgumentException unclosed(char quote, int opened) {
        return new IllegalArgumentException(
                "the quote " + quote + " at character " + opened + " is never closed");
    }
}
