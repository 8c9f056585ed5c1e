package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.error.InvalidRequestException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Percent-encoding and decoding, and the rejection of invalid encodings. */
class PercentEncodingProperties {

    @Property(tries = 500)
    void decodingReversesEncoding(@ForAll String any) {
        String text = wellFormed(any);

        assertThat(PercentEncoding.decode(PercentEncoding.encode(text))).contains(text);
        assertThat(PercentEncoding.decodeQuery(PercentEncoding.encodeQuery(text))).contains(text);
    }

    @Property(tries = 500)
    void aParsedQueryIsWrittenEquivalently(@ForAll String any) {
        QueryParameters read;
        try {
            read = QueryParameters.of(wellFormed(any));
        } catch (InvalidRequestException refused) {
            assertThat(any).contains("%");
            return;
        }

        assertThat(QueryParameters.of(read.without(Set.of()))).isEqualTo(read);
    }

    @Property(tries = 500)
    void bytesThatAreNotUtf8AreRejected(@ForAll byte[] bytes) {
        StringBuilder encoded = new StringBuilder();
        for (byte octet : bytes) {
            encoded.append('%').append(String.format("%02x", octet));
        }

        byte[] read =
                PercentEncoding.decode(encoded.toString())
                        .map(text -> text.getBytes(StandardCharsets.UTF_8))
                        .orElse(bytes);

        assertThat(read).isEqualTo(bytes);
    }

    /** Replaces lone surrogates, which UTF-8 cannot encode. */
    private static String wellFormed(String any) {
        return new String(any.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
