package dev.errand.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/wire/runs.md#i11 */
class SandboxHostsTest {

    private static final SandboxHosts HOSTS =
            SandboxHosts.LOCAL.withDomain("sandboxes.example").withDomain("Other.Example.:8443");

    @ParameterizedTest
    @CsvSource({
        "http://localhost:41000, http://localhost:41000/command",
        "http://127.0.0.1:41000/, http://127.0.0.1:41000/command",
        "https://sandboxes.example, https://sandboxes.example/command",
        "https://A.Sandboxes.Example:443/x, https://A.Sandboxes.Example:443/x/command",
        "https://a.other.example:8443, https://a.other.example:8443/command",
    })
    void localAndConfiguredHostsAreAllowed(String url, String command) {
        assertThat(HOSTS.accept(url)).isTrue();
        assertThat(HOSTS.commandUrl(url)).contains(URI.create(command));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "file:///etc/passwd",
                "ftp://localhost/",
                "http://sandboxes.example",
                "https://localhost",
                "https://127.0.0.1",
                "https://evil.example",
                "https://evilsandboxes.example",
                "https://sandboxes.example.evil.example",
                "https://sandboxes.example:22",
                "https://other.example",
                "https://sandboxes.example@evil.example",
                "https://a:b@sandboxes.example",
                "http://localhost@evil.example",
                "https://evil.example#@sandboxes.example",
                "https://evil.example\\@sandboxes.example",
                "https://sandboxes.example/%5C@evil.example",
                "https://sandboxes.example?a=b",
                "http://[::1]:1",
                "http://[::ffff:127.0.0.1]:1",
                "http://2130706433:1",
                "http://0177.0.0.1:1",
                "http://0x7f.1:1",
                "http://127.1:1",
                "http://127.0.0.2:1",
                "http://169.254.169.254",
                "http://localhost.:1",
                "http://localhost:0",
                "http://localhost:1 ",
            })
    void allOtherUrlsAreRejected(String url) {
        assertThat(HOSTS.accept(url)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, 127.0.0.1, true",
        "localhost, ::1, true",
        "localhost, 10.0.0.1, false",
        "localhost, 8.8.8.8, false",
        "sandboxes.example, 8.8.8.8, true",
        "sandboxes.example, 10.0.0.1, false",
        "sandboxes.example, 127.0.0.1, false",
        "sandboxes.example, ::ffff:127.0.0.1, false",
        "sandboxes.example, 169.254.169.254, false",
    })
    void theAddressOfAHostMustFitIt(String host, String address, boolean isAllowed)
            throws UnknownHostException {
        assertThat(HOSTS.allows(host, InetAddress.getByName(address))).isEqualTo(isAllowed);
    }

    @Test
    void privateNetworksCanBeAllowed() throws UnknownHostException {
        SandboxHosts hosts = HOSTS.withPrivateAddresses();

        assertThat(hosts.allows("sandboxes.example", InetAddress.getByName("10.0.0.1"))).isTrue();
        assertThat(hosts.allows("sandboxes.example", InetAddress.getByName("127.0.0.1"))).isFalse();
        assertThat(hosts.allows("sandboxes.example", InetAddress.getByName("169.254.169.254")))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "10.0.0.1",
                "[::1]",
                "a b",
                "a.example:",
                "a.example:0",
                "a.example:70000"
            })
    void onlyDomainsCanBeConfigured(String domain) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SandboxHosts.LOCAL.withDomain(domain));
    }
}
