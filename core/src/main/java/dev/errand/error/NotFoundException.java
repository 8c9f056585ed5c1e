package dev.errand.error;

/** The requested object does not exist, or is not visible to the caller. */
public final class NotFoundException extends RequestException {

    private static final long serialVersionUID = 1L;

    /** Creates the exception with the default text. */
    public NotFoundException() {
        this(ErrorCode.NOT_FOUND.detail());
    }

    /** Creates the exception with a specific text. */
    public NotFoundException(String detail) {
        super(ErrorCode.NOT_FOUND, detail);
    }

    /** Creates the exception for a run or artifact whose task does not exist. */
    public static NotFoundException taskNotFound() {
        return new NotFoundException("Task not found");
    }
}
