package dev.errand.examples.quickstart;

import java.util.ArrayList;
import java.util.List;

/** Rows of a name and a value, lined up. */
final class ResultTable {

    private final List<String[]> rows = new ArrayList<>();

    ResultTable row(String name, String value) {
        String[] lines = value.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            rows.add(new String[] {i == 0 ? name : "", lines[i]});
        }
        return this;
    }

    void print(Screen screen) {
        int width = rows.stream().mapToInt(row -> row[0].length()).max().orElse(0);
        String rule = "-".repeat(width + 60);
        screen.line(rule);
        for (String[] row : rows) {
            screen.line(" ".repeat(width - row[0].length()) + row[0] + "  " + row[1]);
        }
        screen.line(rule);
    }
}
