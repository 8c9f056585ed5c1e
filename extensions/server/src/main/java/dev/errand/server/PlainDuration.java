package dev.errand.server;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations as people write them, {@code 90s}, {@code 30m}, {@code 2h}, or as ISO 8601 does. */
final class PlainDuration implements ITypeConverter<Duration> {

    private static final Pattern PLAIN = Pattern.compile("([0-9]{1,9})([smh])");

    @Override
    public Duration convert(String text) {
        Matcher plain = PLAIN.matcher(text);
        if (plain.matches()) {
            long amount = Long.parseLong(plain.group(1));
            return switch (plain.group(2)) {
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                default -> Duration.ofHours(amount);
            };
        }
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException neither) {
            throw new TypeConversionException("'" + text + "' is not like 90s, 30m or 2h");
        }
    }
}
