package dev.errand.server;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Provides default values of options from environment variables: {@code --public-url} from {@code
 * ERRAND_PUBLIC_URL}. An empty variable counts as unset.
 */
final class EnvironmentDefaults implements IDefaultValueProvider {

    private static final String PREFIX = "ERRAND_";

    private final Map<String, String> environment;

    EnvironmentDefaults(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Returns the name of the variable of an option. */
    static String variable(String option) {
        String name = option.substring("--".length());
        return PREFIX + name.replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /** Returns the value of an option's variable, or empty if it is unset. */
    Optional<String> find(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option) || option.arity().max() == 0) {
            return Optional.empty();
        }
        return Optional.ofNullable(environment.get(variable(option.longestName())))
                .filter(value -> !value.isEmpty());
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        return find(argument).orElse(null);
    }
}
