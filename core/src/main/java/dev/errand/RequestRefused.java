package dev.errand;

import dev.errand.spi.ErrandException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The input is to be mended: nothing was changed, and {@link #violations()} says what is wrong.
 *
 * <p>The violations stand in the declared order of the request's members; the wire shows the first
 * (contract C3).
 */
public final class RequestRefused extends ErrandException {

    private static final long serialVersionUID = 1L;

    private final transient List<Violation> violations;

    /**
     * Refuses a request.
     *
     * @throws IllegalArgumentException if there is no violation
     */
    public RequestRefused(List<Violation> violations) {
        super(describe(violations), null);
        if (violations.isEmpty()) {
            throw new IllegalArgumentException("violations must not be empty");
        }
        this.violations = List.copyOf(violations);
    }

    /** Refuses a request for one reason. */
    public static RequestRefused because(Violation violation) {
        return new RequestRefused(List.of(violation));
    }

    /** What is wrong, at least one thing. */
    public List<Violation> violations() {
        return violations;
    }

    /** The violation that the wire shows. */
    public Violation first() {
        return violations.get(0);
    }

    private static String describe(List<Violation> violations) {
        return violations.stream()
                .map(
                        v ->
                                v.attr().map(a -> a + ": ").orElse("")
                                        + v.detail()
                                        + " ("
                                        + v.code().wire()
                                        + ")")
                .collect(Collectors.joining("; "));
    }
}
