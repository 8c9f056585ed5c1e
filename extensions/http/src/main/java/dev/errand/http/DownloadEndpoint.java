package dev.errand.http;

import dev.errand.error.AccessDeniedException;
import dev.errand.spi.PortException;
import dev.errand.spi.artifact.LocalObjectStore;
import dev.errand.spi.artifact.LocalObjectStore.Download;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Serves signed links to objects; the signature is the credential (docs/wire/artifacts.md#h5).
 *
 * @param objects the store that signed the link
 */
record DownloadEndpoint(LocalObjectStore objects) implements Endpoint {

    @Override
    public String pattern() {
        return "/_objects/{key}";
    }

    @Override
    public HttpResponse handle(HttpServletRequest request, RequestPath path) {
        if (!HttpMethods.isSafe(request)) {
            return ErrorResponses.methodNotAllowed(request, HttpMethods.SAFE_METHODS);
        }
        List<String> key = path.segments().subList(1, path.segments().size());
        QueryParameters query = QueryParameters.of(request.getQueryString());
        Download download =
                open(String.join("/", key), query)
                        .orElseThrow(() -> AccessDeniedException.invalidSignature("link"));
        ResponseBody bytes =
                new ResponseBody(
                        MediaTypes.headerSafe(download.contentType()),
                        OptionalLong.of(download.sizeInBytes()),
                        out -> download.content().transferTo(out),
                        download.content());
        return HttpResponse.of(bytes)
                .with(
                        "Content-Disposition",
                        ContentDisposition.attachment(key.get(key.size() - 1)));
    }

    private Optional<Download> open(String key, QueryParameters query) {
        try {
            return objects.openLink(
                    key, query.text("expires").orElse(""), query.text("signature").orElse(""));
        } catch (PortException failure) {
            throw new ObjectStoreUnavailableException("Unable to read artifact", failure);
        }
    }
}
