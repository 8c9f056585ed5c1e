package dev.errand.http;

import dev.errand.error.AccessDeniedException;
import dev.errand.spi.BackendException;
import dev.errand.spi.artifact.LocalObjectStore;
import dev.errand.spi.artifact.LocalObjectStore.Download;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a link to an object leads to; the signature is the credential (contract H5).
 *
 * @param objects signed it, and has the object
 */
record DownloadEndpoint(LocalObjectStore objects) implements Endpoint {

    @Override
    public String pattern() {
        return "/_objects/{key}";
    }

    @Override
    public Answer answer(HttpServletRequest request, RequestPath path) {
        if (!Methods.isReading(request)) {
            return Failures.methodNotAllowed(request, Methods.READING);
        }
        List<String> key = path.segments().subList(1, path.segments().size());
        QueryParameters query = QueryParameters.of(request.getQueryString());
        Download download =
                open(String.join("/", key), query)
                        .orElseThrow(() -> AccessDeniedException.invalidSignature("link"));
        Content bytes =
                new Content(
                        MediaTypes.sendable(download.contentType()),
                        OptionalLong.of(download.sizeInBytes()),
                        out -> download.content().transferTo(out),
                        download.content());
        return Answer.of(bytes)
                .with("Content-Disposition", FileNames.attachment(key.get(key.size() - 1)));
    }

    private Optional<Download> open(String key, QueryParameters query) {
        try {
            return objects.openLink(
                    key, query.text("expires").orElse(""), query.text("signature").orElse(""));
        } catch (BackendException failure) {
            throw new ObjectsUnavailable("Unable to read artifact", failure);
        }
    }
}
