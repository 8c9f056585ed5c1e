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
        return "/_objects/{link}";
    }

    @Override
    public HttpResponse handle(HttpServletRequest request, RequestPath path, Exchange exchange) {
        if (!HttpMethods.isSafe(request)) {
            return ErrorResponses.methodNotAllowed(request, HttpMethods.SAFE_METHODS);
        }
        List<String> link = path.segments().subList(1, path.segments().size());
        Download download =
                open(String.join("/", link))
                        .orElseThrow(() -> AccessDeniedException.invalidSignature("link"));
        exchange.caller("link:" + download.policy().key());
        ResponseBody bytes =
                new ResponseBody(
                        MediaTypes.headerSafe(download.policy().contentType()),
                        OptionalLong.of(download.sizeInBytes()),
                        true,
                        out -> download.content().transferTo(out),
                        download.content());
        return HttpResponse.of(bytes)
                .with(
                        "Content-Disposition",
                        ContentDisposition.attachment(download.policy().fileName()));
    }

    private Optional<Download> open(String link) {
        try {
            return objects.openLink(link);
        } catch (PortException failure) {
            throw new ObjectStoreUnavailableException("Unable to read artifact", failure);
        }
    }
}
