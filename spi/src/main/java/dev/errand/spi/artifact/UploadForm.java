package dev.errand.spi.artifact;

import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A presigned form: a client sends every field as it is, then the content as the last part, named
 * {@code file}, as {@code multipart/form-data} to {@code url}, without credentials of its own
 * (contract H5).
 *
 * @param url the absolute address
 * @param fields the fields, in the order to send them
 */
public record UploadForm(URI url, Map<String, String> fields) {

    /** Copies the fields, keeping their order. */
    public UploadForm {
        Objects.requireNonNull(url, "url");
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** Hides the fields: whoever holds them may upload. */
    @Override
    public String toString() {
        return "UploadForm[url=" + url + ", fields=hidden]";
    }
}
