package dev.errand.server;

import dev.errand.commands.SandboxHosts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The command line options for commands to agents. */
final class AgentServerArguments {

    @Option(
            names = "--connection-key",
            paramLabel = "FILE",
            description =
                    "File with the RSA key (PKCS#8 in PEM) that signs connection tokens; created if "
                            + "it does not exist. Default: KEYFILE.pem beside the key file, a new "
                            + "key at each start without one.")
    private @Nullable Path keyFile;

    @Option(
            names = "--connection-audience",
            paramLabel = "TEXT",
            description = "Audience of connection tokens. Default: ${DEFAULT-VALUE}.")
    private String audience = AgentServerOptions.DEFAULT.audience();

    @Option(
            names = "--connection-lifetime",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Lifetime of connection tokens. Default: 24h.")
    private @Nullable Duration lifetime;

    @Option(
            names = "--sandbox-domain",
            paramLabel = "DOMAIN[:PORT]",
            split = ",",
            description =
                    "Domain whose agent servers receive commands over https; can be repeated or a "
                            + "comma-separated list. PORT defaults to 443. Default: only agent "
                            + "servers on this machine.")
    private @Nullable List<String> domains;

    @Option(
            names = "--sandbox-private-addresses",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description =
                    "Allow these domains to resolve to addresses of private networks. Default: "
                            + "false.")
    private boolean allowsPrivateAddresses;

    /**
     * Returns the options.
     *
     * @throws IllegalArgumentException if an option is invalid; the message begins with its name
     */
    AgentServerOptions options() {
        SandboxHosts hosts = SandboxHosts.LOCAL;
        for (String domain : domains == null ? List.<String>of() : domains) {
            try {
                hosts = hosts.withDomain(domain);
            } catch (IllegalArgumentException invalid) {
                throw new IllegalArgumentException(
                        "sandbox-domain: " + invalid.getMessage(), invalid);
            }
        }
        return new AgentServerOptions(
                Optional.ofNullable(keyFile),
                audience,
                lifetime == null ? AgentServerOptions.DEFAULT.lifetime() : lifetime,
                allowsPrivateAddresses ? hosts.withPrivateAddresses() : hosts);
    }
}
