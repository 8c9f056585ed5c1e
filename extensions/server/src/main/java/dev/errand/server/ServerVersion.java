package dev.errand.server;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The version of Errand. */
final class ServerVersion implements IVersionProvider {

    /** Returns the name and, if it runs from a jar, the version. */
    static String text() {
        return Optional.ofNullable(ServerVersion.class.getPackage().getImplementationVersion())
                .map(version -> "Errand " + version)
                .orElse("Errand");
    }

    @Override
    public String[] getVersion() {
        return new String[] {text()};
    }
}
