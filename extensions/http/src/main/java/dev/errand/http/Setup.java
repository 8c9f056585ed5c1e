package dev.errand.http;

import dev.errand.Errand;
import dev.errand.access.Caller;
import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.LocalObjectStore;
import java.net.URI;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a host made of the servlet; see {@link ErrandServlet.Builder}. Immutable.
 *
 * @param errand the engine
 * @param credentials tells who asks
 * @param activeProject which project {@code @current} is for a caller
 * @param publicUrl the address of the base from outside; empty for the one each request came by
 * @param objects the object store that is served
 * @param logLinks the links to logs that are served
 * @param maxBodyBytes the largest body
 * @param maxLogBodyBytes the largest body that appends to a log
 * @param maxUploadBodyBytes the largest body that carries files
 */
record Setup(
        Errand errand,
        Credentials credentials,
        Function<Caller, Optional<ProjectId>> activeProject,
        Optional<URI> publicUrl,
        Optional<LocalObjectStore> objects,
        Optional<LogLinks> logLinks,
        int maxBodyBytes,
        int maxLogBodyBytes,
        int maxUploadBodyBytes) {

    /** What answers at a path; empty if nothing does. */
    Optional<? extends Endpoint> endpoint(RequestPath path) {
        if (path.segments().isEmpty()) {
            return Optional.empty();
        }
        return switch (path.segments().get(0)) {
            case Routes.ROOT ->
                    Routes.find(path.segments()).map(match -> new ProjectEndpoint(this, match));
            case LocalObjectStore.PATH ->
                    objects.map(
                            store ->
                                    path.segments().size() == 1
                                            ? new UploadEndpoint(store)
                                            : new DownloadEndpoint(store));
            case LogLinks.PATH -> logLinks.map(links -> new LogEndpoint(links, errand));
            default -> Optional.empty();
        };
    }
}
