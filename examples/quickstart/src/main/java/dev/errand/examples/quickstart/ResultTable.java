package dev.errand.examples.quickstart;

import java.util.ArrayList;
import java.util.List;

/** A table with aligned names and values. */
final class ResultTable {

    private final List<String[]> rows = new ArrayList<>();

    ResultTable row(String name, String value) {
        String[] lines = value.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            rows.add(new String[] {i == 0 ? name : "", lines[i]});
        }
        return this;
    }

    void print(TerminalOutput terminal) {
        int width = rows.stream().mapToInt(row -> row[0].length()).max().orElse(0);
        String rule = "-".repeat(width + 60);
        terminal.line(rule);
        for (String[] row : rows) {
            terminal.line(" ".repeat(width - row[0].length()) + row[0] + "  " + row[1]);
        }
        terminal.line(rule);
    }
}
