package dev.errand.server;

import dev.errand.spi.ErrandException;
import java.util.List;

/**
 * A server cannot be set up like this: mend the options or the directory file. Nothing was started.
 * Its messages never hold a token.
 */
public final class InvalidOptions extends ErrandException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    /** Refuses options, with all that is wrong with them. */
    InvalidOptions(List<String> problems) {
        super(String.join("; ", problems), null);
        this.problems = List.copyOf(problems);
    }

    /** Refuses options for one reason. */
    static InvalidOptions because(String problem) {
        return new InvalidOptions(List.of(problem));
    }

    /** What is wrong, a line each, at least one. */
    public List<String> problems() {
        return problems;
    }
}
