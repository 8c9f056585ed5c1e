package dev.errand.server;

import dev.errand.http.OpenApiDocument;
import dev.errand.http.schema.RequestSchemas;
import dev.errand.profile.ApiProfile;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the OpenAPI document, or the JSON Schema of a request. */
@Command(
        name = "schema",
        description = "Prints the OpenAPI document, or the JSON Schema of a request.",
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        parameterListHeading = "%n",
        mixinStandardHelpOptions = true,
        versionProvider = ServerVersion.class)
final class SchemaCommand implements Callable<Integer> {

    private static final String OPENAPI = "openapi";

    @Parameters(
            paramLabel = "NAME",
            completionCandidates = Names.class,
            description = "openapi, or the name of a request: ${COMPLETION-CANDIDATES}.")
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
                (name.equals(OPENAPI)
                                ? Optional.of(OpenApiDocument.of(profile))
                                : RequestSchemas.find(name, profile))
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
