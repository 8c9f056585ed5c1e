package dev.errand.agents;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the time at which a provider lifts its limit, in the words of a program. */
final class LimitReset {

    /** No limit lasts longer; a later time is a misunderstanding. */
    private static final Duration MAX = Duration.ofDays(32);

    /** Programs print the time of day without its seconds. */
    private static final Duration ROUNDING = Duration.ofMinutes(1);

    private static final Pattern EPOCH = Pattern.compile("limit reached\\|(\\d{10})\\b");
    private static final Pattern DATE =
            Pattern.compile(
                    "try again at ([A-Z][a-z]{2}) (\\d{1,2})(?:st|nd|rd|th)?, (\\d{4}),? "
                            + "(\\d{1,2}:\\d{2} ?[AP]M)",
                    Pattern.CASE_INSENSITIVE);
    private static final Pattern CLOCK =
            Pattern.compile("try again at (\\d{1,2}:\\d{2} ?[AP]M)", Pattern.CASE_INSENSITIVE);
    private static final Pattern DELAY =
            Pattern.compile("(?:try again|retry) (?:in|after) ((?:[\\d.]+ ?[a-z]+,? ?(?:and )?)+)");
    private static final Pattern AMOUNT = Pattern.compile("([\\d.]{1,9}) ?([a-z]+)");
    private static final Map<String, Duration> UNITS =
            Map.ofEntries(
                    Map.entry("ms", Duration.ofMillis(1)),
                    Map.entry("s", Duration.ofSeconds(1)),
                    Map.entry("second", Duration.ofSeconds(1)),
                    Map.entry("m", Duration.ofMinutes(1)),
                    Map.entry("minute", Duration.ofMinutes(1)),
                    Map.entry("h", Duration.ofHours(1)),
                    Map.entry("hour", Duration.ofHours(1)),
                    Map.entry("d", Duration.ofDays(1)),
                    Map.entry("day", Duration.ofDays(1)));
    private static final DateTimeFormatter TIME_OF_DAY =
            DateTimeFormatter.ofPattern("h:mma", Locale.US);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("MMM d uuuu h:mma", Locale.US);

    private LimitReset() {}

    /**
     * Returns the time, empty if the words contain none.
     *
     * @param zone the time zone of the program
     */
    static Optional<Instant> find(String words, Instant now, ZoneId zone) {
        return at(words, now, zone)
                .filter(time -> !time.isBefore(now) && time.isBefore(now.plus(MAX)));
    }

    /** Adds the time to a failure for a limit that has none. */
    static AgentFailure complete(AgentFailure failure, Instant now) {
        if (failure.kind() != AgentFailure.Kind.PROVIDER_LIMIT || failure.retryAt().isPresent()) {
            return failure;
        }
        return new AgentFailure(
                failure.kind(),
                failure.message(),
                find(failure.message(), now, ZoneId.systemDefault()));
    }

    private static Optional<Instant> at(String words, Instant now, ZoneId zone) {
        Matcher epoch = EPOCH.matcher(words);
        if (epoch.find()) {
            return Optional.of(Instant.ofEpochSecond(Long.parseLong(epoch.group(1))));
        }
        try {
            Matcher date = DATE.matcher(words);
            if (date.find()) {
                String text =
                        "%s %s %s %s"
                                .formatted(
                                        capitalized(date.group(1)),
                                        date.group(2),
                                        date.group(3),
                                        compact(date.group(4)));
                return Optional.of(
                        LocalDateTime.parse(text, DAY).plus(ROUNDING).atZone(zone).toInstant());
            }
            Matcher clock = CLOCK.matcher(words);
            if (clock.find()) {
                return Optional.of(
                        next(LocalTime.parse(compact(clock.group(1)), TIME_OF_DAY), now, zone));
            }
        } catch (DateTimeParseException malformed) {
            return Optional.empty();
        }
        Matcher delay = DELAY.matcher(words.toLowerCase(Locale.ROOT));
        return delay.find() ? sum(delay.group(1)).map(now::plus) : Optional.empty();
    }

    private static Instant next(LocalTime time, Instant now, ZoneId zone) {
        ZonedDateTime today = now.atZone(zone).with(time).plus(ROUNDING);
        return (today.toInstant().isBefore(now) ? today.plusDays(1) : today).toInstant();
    }

    private static Optional<Duration> sum(String amounts) {
        Duration sum = Duration.ZERO;
        boolean found = false;
        Matcher amount = AMOUNT.matcher(amounts);
        while (amount.find()) {
            String unit = amount.group(2);
            Duration one = UNITS.get(unit.length() > 2 ? unit.replaceFirst("s$", "") : unit);
            if (one == null) {
                break;
            }
            try {
                double factor = Double.parseDouble(amount.group(1));
                sum = sum.plusMillis((long) (factor * one.toMillis()));
                found = true;
            } catch (NumberFormatException malformed) {
                return Optional.empty();
            }
        }
        return found ? Optional.of(sum) : Optional.empty();
    }

    private static String compact(String time) {
        return time.replace(" ", "").toUpperCase(Locale.ROOT);
    }

    private static String capitalized(String month) {
        return month.substring(0, 1).toUpperCase(Locale.ROOT)
                + month.substring(1).toLowerCase(Locale.ROOT);
    }
}
