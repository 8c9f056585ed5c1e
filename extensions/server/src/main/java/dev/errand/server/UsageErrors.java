package dev.errand.server;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what is wrong with a command line in one line, and where it came from. */
final class UsageErrors implements IParameterExceptionHandler {

    private final EnvironmentDefaults defaults;

    UsageErrors(EnvironmentDefaults defaults) {
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

    /** A value that nobody typed came from the environment. */
    private String origin(ParameterException failure, String[] arguments) {
        ArgSpec argument = failure.getArgSpec();
        if (argument == null || !argument.isOption() || defaults.find(argument).isEmpty()) {
            return "";
        }
        String option = ((CommandLine.Model.OptionSpec) argument).longestName();
        for (String given : arguments) {
            if (given.equals(option) || given.startsWith(option + "=")) {
                return "";
            }
        }
        return " (from " + EnvironmentDefaults.variable(option) + ")";
    }
}
