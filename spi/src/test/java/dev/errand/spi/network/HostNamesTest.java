package dev.errand.spi.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostNamesTest {

    @ParameterizedTest
    @CsvSource({
        "Example.COM., example.com",
        "bücher.example, xn--bcher-kva.example",
        "ＬＯＣＡＬＨＯＳＴ, localhost",
        "[::1], [::1]",
    })
    void canonicalFormsAreAsciiInLowerCaseWithoutATrailingDot(String host, String canonical) {
        assertThat(HostNames.canonical(host)).contains(canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "a..", "a_b.example", "a b"})
    void otherTextIsNoHost(String host) {
        assertThat(HostNames.canonical(host)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[::1]",
                "127.0.0.1",
                "127.1",
                "2130706433",
                "0177.0.0.1",
                "0x7f.1",
                "0x7f000001"
            })
    void addressesAreRecognizedInEveryNotation(String host) {
        assertThat(HostNames.isAddress(host)).isTrue();
    }

    @Test
    void namesMayContainNumbers() {
        assertThat(HostNames.isAddress("1.example")).isFalse();
        assertThat(HostNames.isAddress("0xcafe.a0")).isFalse();
    }

    @Test
    void aDomainContainsItselfAndTheNamesBelowIt() {
        assertThat(HostNames.isWithin("a.b.example", "b.example")).isTrue();
        assertThat(HostNames.isWithin("b.example", "b.example")).isTrue();
        assertThat(HostNames.isWithin("evilb.example", "b.example")).isFalse();
        assertThat(HostNames.isWithin("b.example.evil", "b.example")).isFalse();
    }
}
