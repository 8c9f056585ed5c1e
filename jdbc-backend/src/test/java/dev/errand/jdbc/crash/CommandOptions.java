package dev.errand.jdbc.crash;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Options of a command, in the form {@code --name value}. */
record CommandOptions(Map<String, String> values) {

    static CommandOptions parse(String... arguments) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            values.put(arguments[i].replaceFirst("^--", ""), arguments[i + 1]);
        }
        return new CommandOptions(values);
    }

    int number(String name, int defaultValue) {
        return Integer.parseInt(values.getOrDefault(name, Integer.toString(defaultValue)));
    }

    String text(String name, String defaultValue) {
        return values.getOrDefault(name, defaultValue);
    }

    /** Returns the values of {@code --kills} and {@code --longest-ms}. */
    KillSchedule kills() {
        return KillSchedule.of(number("kills", 50), Duration.ofMillis(number("longest-ms", 5_000)));
    }
}
