package dev.errand.server;

import dev.errand.spi.ErrandException;
import java.util.List;

/**
 * The options, the directory file or the key file of a server are invalid and must be corrected.
 * Nothing was started. Messages never contain a token or a password.
 */
public final class InvalidOptionsException extends ErrandException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    /** Creates an exception for all problems. */
    InvalidOptionsException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    /** Creates an exception for one problem. */
    static InvalidOptionsException of(String problem) {
        return new InvalidOptionsException(List.of(problem));
    }

    /** Returns the problems, at least one, each in one line. */
    public List<String> problems() {
        return problems;
    }
}
