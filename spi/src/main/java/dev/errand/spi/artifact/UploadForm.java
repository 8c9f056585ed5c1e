package dev.errand.spi.artifact;

import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A signed upload form. A client posts all fields unchanged as {@code multipart/form-data}, with
 * the content as last part {@code file}, and sends no credentials (docs/wire/artifacts.md#h5).
 *
 * @param url the absolute URL
 * @param fields the fields, in the order to send them
 */
public record UploadForm(URI url, Map<String, String> fields) {

    /** Copies the fields and keeps their order. */
    public UploadForm {
        Objects.requireNonNull(url, "url");
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** Omits the fields, since they permit uploads. */
    @Override
    public String toString() {
        return "UploadForm[url=" + url + ", fields=hidden]";
    }
}
