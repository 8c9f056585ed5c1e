package dev.errand.server;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Prints a command line error in one line with the origin of the value. */
final class UsageErrorHandler implements IParameterExceptionHandler {

    private final EnvironmentDefaults defaults;

    UsageErrorHandler(EnvironmentDefaults defaults) {
        this.defaults = defaults;
    }

    @Override
    public int handleParseException(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        PrintWriter err = command.getErr();
        err.println(name + ": " + failure.getMessage() + origin(failure, arguments));
        UnmatchedArgumentException.printSuggestions(failure, err);
        err.println("Try '" + name + " --help'.");
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    /** Returns the environment variable that provided the value, if the command line did not. */
    private String origin(ParameterException failure, String[] arguments) {
        ArgSpec argument = failure.getArgSpec();
        if (argument == null || !argument.isOption() || defaults.find(argument).isEmpty()) {
            return "";
        }
        String option = ((CommandLine.Model.OptionSpec) argument).longestName();
        for (String word : arguments) {
            if (word.equals(option) || word.startsWith(option + "=")) {
                return "";
            }
        }
        return " (from " + EnvironmentDefaults.variable(option) + ")";
    }
}
