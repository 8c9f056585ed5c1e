package dev.errand.server;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the public key with which agent servers verify connection tokens. */
@Command(
        name = "public-key",
        description = {
            "Prints the public key of a file with a connection key, in PEM, as agent servers "
                    + "take it. The file is created if it does not exist."
        },
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        parameterListHeading = "%n",
        mixinStandardHelpOptions = true,
        versionProvider = ServerVersion.class)
final class PublicKeyCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "File of --connection-key.")
    private Path file;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        try {
            spec.commandLine().getOut().print(ConnectionKeyFile.readOrCreate(file).publicPem());
            spec.commandLine().getOut().flush();
            return CommandLine.ExitCode.OK;
        } catch (InvalidOptionsException invalid) {
            spec.commandLine().getErr().println(invalid.getMessage());
            return CommandLine.ExitCode.USAGE;
        }
    }
}
