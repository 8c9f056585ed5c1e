package dev.errand.spi.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressRangeTest {

    @ParameterizedTest
    @CsvSource({
        "8.8.8.8, PUBLIC",
        "172.32.0.1, PUBLIC",
        "100.128.0.1, PUBLIC",
        "10.1.2.3, PRIVATE",
        "172.16.0.1, PRIVATE",
        "172.31.255.255, PRIVATE",
        "192.168.1.1, PRIVATE",
        "100.64.0.1, PRIVATE",
        "127.0.0.1, LOOPBACK",
        "127.255.255.254, LOOPBACK",
        "169.254.169.254, LINK_LOCAL",
        "224.0.0.1, MULTICAST",
        "0.0.0.0, RESERVED",
        "192.0.2.1, RESERVED",
        "198.19.0.1, RESERVED",
        "255.255.255.255, RESERVED",
        "2606:4700::1111, PUBLIC",
        "::1, LOOPBACK",
        "::, RESERVED",
        "fd00::1, PRIVATE",
        "fe80::1, LINK_LOCAL",
        "ff02::1, MULTICAST",
        "2001:db8::1, RESERVED",
        "2001:0:1::1, RESERVED",
        "4000::1, RESERVED",
        "::ffff:127.0.0.1, LOOPBACK",
        "::ffff:8.8.8.8, PUBLIC",
        "::127.0.0.1, RESERVED",
        "64:ff9b::10.0.0.1, PRIVATE",
        "64:ff9b::8.8.8.8, PUBLIC",
        "2002:7f00:1::1, LOOPBACK",
    })
    void everyAddressHasOneRange(String address, AddressRange range) throws UnknownHostException {
        assertThat(AddressRange.of(InetAddress.getByName(address))).isEqualTo(range);
    }
}
