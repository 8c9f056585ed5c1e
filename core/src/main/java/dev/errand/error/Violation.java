package dev.errand.error;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One thing that is wrong with a request, with everything a caller needs to mend it (contract C3).
 *
 * @param code which error it is
 * @param detail what is wrong and what would do, in the contract's words
 * @param attr the member, in the path form of contract C4; empty where no single member is to blame
 * @param missingArtifactIds the artifact ids that could not be resolved, in request order (contract
 *     C5)
 */
public record Violation(
        ErrorCode code, String detail, Optional<String> attr, List<String> missingArtifactIds) {

    /** Copies the list. */
    public Violation {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(detail, "detail");
        Objects.requireNonNull(attr, "attr");
        missingArtifactIds = List.copyOf(missingArtifactIds);
    }

    /** A member is wrong; the code's own text says how. */
    public static Violation of(ErrorCode code, String attr) {
        return of(code, attr, code.detail());
    }

    /** A member is wrong; {@code detail} says how. */
    public static Violation of(ErrorCode code, String attr, String detail) {
        return new Violation(code, detail, Optional.of(attr), List.of());
    }

    /** The request as a whole is wrong. */
    public static Violation ofRequest(ErrorCode code, String detail) {
        return new Violation(code, detail, Optional.empty(), List.of());
    }

    /** Artifacts that a request names are not there. */
    public static Violation missingArtifacts(String attr, String detail, List<String> ids) {
        return new Violation(ErrorCode.MISSING_ARTIFACTS, detail, Optional.of(attr), ids);
    }

    /**
     * The same violation of a member that stands inside another: {@code prefix__attr} (contract
     * C4).
     */
    public Violation under(String prefix) {
        return new Violation(
                code,
                detail,
                Optional.of(attr.map(a -> prefix + "__" + a).orElse(prefix)),
                missingArtifactIds);
    }
}
