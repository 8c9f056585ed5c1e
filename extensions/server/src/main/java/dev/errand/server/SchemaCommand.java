package dev.errand.server;

import dev.errand.profile.ApiProfile;
import dev.errand.server.schema.RequestSchemas;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the JSON Schema of a request. */
@Command(
        name = "schema",
        description = "Prints the JSON Schema of a request.",
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        parameterListHeading = "%n",
        mixinStandardHelpOptions = true,
        versionProvider = ServerVersion.class)
final class SchemaCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "NAME",
            completionCandidates = Names.class,
            description = "Name of the request: ${COMPLETION-CANDIDATES}.")
    private String name;

    @Option(
            names = "--profile",
            paramLabel = "2026-05|2026-09",
            converter = ApiProfileConverter.class,
            description = "Version of the API. Default: 2026-05.")
    private ApiProfile profile = ServerOptions.DEFAULT.profile();

    @Spec private CommandSpec spec;

    /** The names of all requests. */
    private static final class Names extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Names() {
            super(RequestSchemas.names());
        }
    }

    @Override
    public Integer call() {
        String schema =
                RequestSchemas.find(name, profile)
                        .orElseThrow(
                                () ->
                                        new ParameterException(
                                                spec.commandLine(),
                                                "unknown request "
                                                        + name
                                                        + "; known requests are "
                                                        + String.join(
                                                                ", ", RequestSchemas.names())));
        spec.commandLine().getOut().println(schema);
        return CommandLine.ExitCode.OK;
    }
}
