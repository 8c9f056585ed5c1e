package dev.errand.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.errand.jwt.RsaSigningKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The key of connection tokens (docs/wire/runs.md#i10). */
class ConnectionKeyTest {

    @TempDir Path folder;

    @Test
    void theKeyIsKeptAndItsPublicPartIsPrintedAndServed() throws Exception {
        Path file = folder.resolve("connection.pem");
        StringWriter out = new StringWriter();
        PrintWriter printer = new PrintWriter(out, true);

        int code =
                Main.run(new String[] {"public-key", file.toString()}, Map.of(), printer, printer);

        RsaSigningKey key = ConnectionKeyFile.readOrCreate(file);
        assertThat(code).isZero();
        assertThat(out).hasToString(key.publicPem());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (ErrandServer server = ErrandServer.start(optionsWith(file))) {
            assertThat(get(server.url().resolve("/.well-known/jwks.json")))
                    .isEqualTo(new ObjectMapper().readTree(key.jwks()));
        }
    }

    @Test
    void aFileWithoutAKeyIsRefused() throws IOException {
        Path file = folder.resolve("connection.pem");
        Files.writeString(file, "no key");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

        assertThatThrownBy(() -> ErrandServer.start(optionsWith(file)))
                .isInstanceOf(InvalidOptionsException.class)
                .hasMessageContaining("--connection-key")
                .hasMessageContaining("PKCS#8");
    }

    private static ServerOptions optionsWith(Path file) {
        AgentServerOptions defaults = AgentServerOptions.DEFAULT;
        return ServerOptions.DEFAULT
                .withPort(0)
                .withConnections(
                        new AgentServerOptions(
                                Optional.of(file),
                                defaults.audience(),
                                defaults.lifetime(),
                                defaults.hosts()));
    }

    private static JsonNode get(URI url) throws IOException, InterruptedException {
        String body =
                HttpClient.newHttpClient()
                        .send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString())
                        .body();
        return new ObjectMapper().readTree(body);
    }
}
