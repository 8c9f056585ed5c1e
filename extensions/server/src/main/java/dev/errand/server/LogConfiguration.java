package dev.errand.server;

import java.util.Map;

/**
 * Configures logging to standard error: all messages of Errand, and warnings of libraries. Existing
 * system properties take precedence.
 */
final class LogConfiguration {

    private static final String SIMPLE = "org.slf4j.simpleLogger.";

    private static final Map<String, String> SETTINGS =
            Map.of(
                    // Otherwise Hibernate Validator looks for another library and logs its version.
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

    private LogConfiguration() {}

    /** Must be called before the first log message. */
    static void apply() {
        SETTINGS.forEach(
                (name, value) -> {
                    if (System.getProperty(name) == null) {
                        System.setProperty(name, value);
                    }
                });
    }
}
