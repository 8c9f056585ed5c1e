package dev.errand.server;

import dev.errand.jwt.RsaSigningKey;
import dev.errand.spi.Secret;
import java.nio.file.Path;
import java.util.Optional;

/** The file with the RSA key that signs connection tokens. */
final class ConnectionKeyFile {

    private static final String OPTION = "--connection-key";

    private ConnectionKeyFile() {}

    /** Returns the key of a server. */
    static RsaSigningKey keyOf(ServerOptions options) {
        Optional<Path> file =
                options.connections()
                        .keyFile()
                        .or(
                                () ->
                                        KeyFile.of(options)
                                                .map(
                                                        key ->
                                                                key.resolveSibling(
                                                                        key.getFileName()
                                                                                + ".pem")));
        return file.map(ConnectionKeyFile::readOrCreate).orElseGet(RsaSigningKey::generate);
    }

    /**
     * Reads a key, after generating it in a file with mode 600 if it does not exist.
     *
     * @throws InvalidOptionsException if the file cannot be created or read, if other users can
     *     read or change it, or if it contains no usable key
     */
    static RsaSigningKey readOrCreate(Path file) {
        String pem =
                KeyFile.readOrCreate(
                        OPTION, file, () -> RsaSigningKey.generate().privatePem().reveal());
        try {
            return RsaSigningKey.parse(Secret.of(pem));
        } catch (IllegalArgumentException invalid) {
            throw InvalidOptionsException.of(OPTION + ": " + file + " " + invalid.getMessage());
        }
    }
}
