package dev.errand.server;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** Which Errand this is. */
final class Version implements IVersionProvider {

    /** The name with the version, where a jar tells it. */
    static String text() {
        return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                .map(version -> "Errand " + version)
                .orElse("Errand");
    }

    @Override
    public String[] getVersion() {
        return new String[] {text()};
    }
}
