package dev.errand.error;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One reason why a request is not valid (docs/wire/errors.md#c3). Immutable.
 *
 * @param code the error code
 * @param detail the text: what is wrong, and what would be accepted
 * @param attr the path of the member, such as {@code artifacts__0__name} (docs/wire/errors.md#c4);
 *     empty if the violation is not about a single member
 * @param missingArtifactIds the ids that name no usable artifact, in the order of the request;
 *     empty for other codes than {@link ErrorCode#MISSING_ARTIFACTS} (docs/wire/errors.md#c5)
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

    /** Creates a violation of a member with the default text of the code. */
    public static Violation of(ErrorCode code, String attr) {
        return of(code, attr, code.detail());
    }

    /** Creates a violation of a member. */
    public static Violation of(ErrorCode code, String attr, String detail) {
        return new Violation(code, detail, Optional.of(attr), List.of());
    }

    /** Creates a violation of the request as a whole. */
    public static Violation ofRequest(ErrorCode code, String detail) {
        return new Violation(code, detail, Optional.empty(), List.of());
    }

    /** Creates a violation of a member that names artifacts which do not exist. */
    public static Violation missingArtifacts(String attr, String detail, List<String> ids) {
        return new Violation(ErrorCode.MISSING_ARTIFACTS, detail, Optional.of(attr), ids);
    }

    /**
     * Returns the violation of a nested member: with the path {@code prefix__attr}
     * (docs/wire/errors.md#c4).
     */
    public Violation under(String prefix) {
        return new Violation(
                code,
                detail,
                Optional.of(attr.map(a -> prefix + "__" + a).orElse(prefix)),
                missingArtifactIds);
    }
}
