package dev.errand.server;

import static java.util.Map.entry;

import java.util.Map;

/**
 * Configures logging to standard error: all messages of Errand, and warnings of libraries. Existing
 * system properties take precedence.
 */
final class LogConfiguration {

    private static final String SIMPLE = "org.slf4j.simpleLogger.";

    private static final Map<String, String> SETTINGS =
            Map.ofEntries(
                    // Otherwise Hibernate Validator looks for another library and logs its version.
                    entry("org.jboss.logging.provider", "slf4j"),
                    entry(SIMPLE + "log.org.hibernate", "warn"),
                    entry(SIMPLE + "log.org.eclipse.jetty", "warn"),
                    // These log a line for each malformed request, which anyone can send.
                    entry(SIMPLE + "log.org.eclipse.jetty.util.HostPort", "off"),
                    entry(SIMPLE + "log.org.eclipse.jetty.http", "error"),
                    entry(SIMPLE + "log.com.zaxxer.hikari", "warn"),
                    entry(SIMPLE + "log.org.flywaydb", "warn"),
                    entry(SIMPLE + "showThreadName", "false"),
                    entry(SIMPLE + "showShortLogName", "true"),
                    entry(SIMPLE + "showDateTime", "true"),
                    entry(SIMPLE + "dateTimeFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX"));

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
