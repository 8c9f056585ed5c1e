package dev.errand.http;

import dev.errand.error.AccessDeniedException;
import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.Violation;
import dev.errand.spi.PortException;
import dev.errand.spi.artifact.LocalObjectStore;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * The body of an upload form, which anyone may send: it occupies little memory and little time
 * until the fields with a valid signature have arrived.
 */
final class UploadBody implements BodySink, Pace, Closeable {

    /** The text of the error for a form that cannot be parsed. */
    static final String MALFORMED =
            "Multipart form parse error - The form is malformed or ended early";

    private static final String WRONG_SIZE = "The file is not of a size that the form allows.";

    private final Spool spool = new Spool();
    private final LocalObjectStore objects;
    private final Predicate<String> isAccepted;
    private final String contentType;
    private final Traffic traffic;
    private final Exchange exchange;
    private volatile boolean isVerified;
    private long maxBytes = Long.MAX_VALUE;

    /** Creates the body of a form, to be closed. */
    UploadBody(
            LocalObjectStore objects,
            Predicate<String> isAccepted,
            String contentType,
            Traffic traffic,
            Exchange exchange) {
        this.objects = objects;
        this.isAccepted = isAccepted;
        this.contentType = contentType;
        this.traffic = traffic;
        this.exchange = exchange;
    }

    @Override
    public void receive(byte[] bytes, int length) throws IOException {
        spool.write(bytes, length);
        if (!isVerified && spool.size() >= Limits.UPLOAD_FORM_BYTES) {
            verify(fields());
        }
        if (spool.size() > maxBytes) {
            throw UploadForm.tooLarge(WRONG_SIZE);
        }
    }

    /** Until the signature is verified, a form must arrive within the grace period. */
    @Override
    public boolean isTooSlow(Duration elapsed, long receivedBytes) {
        return isVerified
                ? traffic.pace().isTooSlow(elapsed, receivedBytes)
                : elapsed.compareTo(BodyPace.GRACE) >= 0
                        || elapsed.compareTo(traffic.pace().deadline()) >= 0;
    }

    /** Stores the file after the whole form was received. */
    HttpResponse store() {
        try {
            UploadForm form = UploadForm.parse(contentType, spool.open());
            if (!isVerified) {
                verify(form.fields());
            }
            try (InputStream content = form.file().getInputStream()) {
                return responseTo(
                        objects.receive(form.fields(), isAccepted, content, form.fileType()));
            }
        } catch (IOException malformed) {
            throw malformed();
        } catch (PortException failure) {
            throw new ObjectStoreUnavailableException("Unable to store artifact", failure);
        }
    }

    @Override
    public void close() throws IOException {
        spool.close();
    }

    private Map<String, String> fields() {
        try {
            return UploadForm.parse(contentType, spool.open()).fields();
        } catch (IOException incomplete) {
            throw UploadForm.tooLarge(
                    "The fields of the form are larger than "
                            + Limits.UPLOAD_FORM_BYTES
                            + " bytes.");
        }
    }

    private void verify(Map<String, String> fields) {
        OptionalLong max = objects.sizeLimit(fields);
        if (max.isEmpty()) {
            throw AccessDeniedException.invalidSignature("upload form");
        }
        String caller = "form:" + fields.getOrDefault("key", "");
        exchange.hold(traffic.uploads().enter(caller));
        exchange.caller(caller);
        maxBytes = max.getAsLong() + Limits.UPLOAD_FORM_BYTES;
        isVerified = true;
    }

    private static HttpResponse responseTo(LocalObjectStore.UploadResult receipt) {
        return switch (receipt) {
            case STORED -> HttpResponse.noContent();
            case REFUSED -> throw AccessDeniedException.invalidSignature("upload form");
            case WRONG_SIZE -> throw UploadForm.tooLarge(WRONG_SIZE);
        };
    }

    private static InvalidRequestException malformed() {
        return InvalidRequestException.of(Violation.ofRequest(ErrorCode.PARSE_ERROR, MALFORMED));
    }
}
