package dev.errand.server;

import java.util.Map;

/**
 * What the program writes to standard error: its own words, and of the libraries' only warnings.
 * System properties that are set already stand.
 */
final class LogSettings {

    private static final String SIMPLE = "org.slf4j.simpleLogger.";

    private static final Map<String, String> SETTINGS =
            Map.of(
                    // Hibernate's validator looks for another library first, and tells its version.
                    "org.jboss.logging.provider",
                    "slf4j",
                    SIMPLE + "log.org.hibernate",
                    "warn",
                    SIMPLE + "log.org.eclipse.jetty",
                    "warn",
                    SIMPLE + "log.com.zaxxer.hikari",
                    "warn",
                    SIMPLE + "log.org.flywaydb",
                    "warn",
                    SIMPLE + "showThreadName",
                    "false",
                    SIMPLE + "showShortLogName",
                    "true",
                    SIMPLE + "showDateTime",
                    "true",
                    SIMPLE + "dateTimeFormat",
                    "yyyy-MM-dd'T'HH:mm:ss.SSSXXX");

    private LogSettings() {}

    /** Comes before anything logs. */
    static void apply() {
        SETTINGS.forEach(
                (name, value) -> {
                    if (System.getProperty(name) == null) {
                        System.setProperty(name, value);
                    }
                });
    }
}
