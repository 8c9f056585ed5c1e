package dev.errand.http;

import dev.errand.profile.ApiProfile;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Serves the OpenAPI document, without credentials: it is the same for everybody
 * (docs/wire/README.md#openapi).
 *
 * @param profile the version of the API
 */
record SchemaEndpoint(ApiProfile profile) implements Endpoint {

    /** The path of the document. */
    static final List<String> PATH = List.of(Routes.ROOT, "schema");

    @Override
    public String pattern() {
        return "/api/schema/";
    }

    @Override
    public Step handle(HttpServletRequest request, RequestPath path, Exchange exchange) {
        if (!HttpMethods.isSafe(request)) {
            return ErrorResponses.methodNotAllowed(request, HttpMethods.SAFE_METHODS);
        }
        return HttpResponse.ok(OpenApiDocument.of(profile).getBytes(StandardCharsets.UTF_8))
                .with("Cache-Control", "no-cache");
    }
}
