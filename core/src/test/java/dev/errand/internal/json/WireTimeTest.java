package dev.errand.internal.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Timestamps of docs/wire/conventions.md#conventions: RFC 3339 in UTC, a fraction of exactly six
 * digits, omitted when zero.
 */
class WireTimeTest {

    private static final long YEAR_0 = -62_167_219_200L;
    private static final long YEAR_9999_END = 253_402_300_799L;

    @ParameterizedTest
    @CsvSource({
        "2026-05-06T08:12:44.310225Z,    2026-05-06T08:12:44.310225Z",
        "2026-05-07T09:30:00Z,           2026-05-07T09:30:00Z",
        "2026-05-07T09:31:12.004Z,       2026-05-07T09:31:12.004000Z",
        "2026-05-07T09:44:31.5Z,         2026-05-07T09:44:31.500000Z",
        "2026-05-07T09:44:31.000001Z,    2026-05-07T09:44:31.000001Z",
        "2026-05-07T09:44:31.999999999Z, 2026-05-07T09:44:31.999999Z",
        "2026-05-07T09:44:31.000000999Z, 2026-05-07T09:44:31Z",
        "1970-01-01T00:00:00Z,           1970-01-01T00:00:00Z",
        "1969-12-31T23:59:59.000001Z,    1969-12-31T23:59:59.000001Z",
        "2024-02-29T23:59:59Z,           2024-02-29T23:59:59Z",
        "0000-01-01T00:00:00Z,           0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999Z,    9999-12-31T23:59:59.999999Z"
    })
    void anInstantIsFormattedInUtc(Instant instant, String wire) {
        assertThat(WireTime.format(instant)).isEqualTo(wire);
    }

    @Property
    void theTextIsParsedAsTheInstantInMicroseconds(
            @ForAll @LongRange(min = YEAR_0, max = YEAR_9999_END) long second,
            @ForAll @LongRange(min = 0, max = 999_999_999) long nano) {
        Instant instant = Instant.ofEpochSecond(second, nano);
        String wire = WireTime.format(instant);
        assertThat(Instant.parse(wire)).isEqualTo(instant.truncatedTo(ChronoUnit.MICROS));
        assertThat(wire).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{6})?Z");
    }

    /** Clients compare timestamps as texts. */
    @Property
    void aLaterSecondHasAGreaterText(
            @ForAll @LongRange(min = YEAR_0, max = YEAR_9999_END - 1) long second) {
        assertThat(WireTime.format(Instant.ofEpochSecond(second)))
                .isLessThan(WireTime.format(Instant.ofEpochSecond(second + 1)));
    }
}
