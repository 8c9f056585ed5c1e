package dev.errand.server;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Takes options that are not given from the environment: {@code --public-url} from {@code
 * ERRAND_PUBLIC_URL}. An empty variable counts as none.
 */
final class EnvironmentDefaults implements IDefaultValueProvider {

    private static final String PREFIX = "ERRAND_";

    private final Map<String, String> environment;

    EnvironmentDefaults(Map<String, String> environment) {
        this.environment = environment;
    }

    /** The variable of an option. */
    static String variable(String option) {
        String name = option.substring("--".length());
        return PREFIX + name.replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /** What the environment says of an option; empty if nothing. */
    Optional<String> find(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option) || option.arity().max() == 0) {
            return Optional.empty();
        }
        return Optional.ofNullable(environment.get(variable(option.longestName())))
                .filter(value -> !value.isEmpty());
    }

    @Override
    public String defaultValue(ArgSpec argument) {
        return find(argument).orElse(null);
    }
}
