package dev.errand.http;

import dev.errand.Errand;
import dev.errand.access.Caller;
import dev.errand.run.Conversations;
import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.LocalObjectStore;
import java.net.URI;
import java.util.Optional;
import java.util.function.Function;

/**
 * The options of a servlet; see {@link ErrandServlet.Builder}. Immutable.
 *
 * @param errand the engine
 * @param callers resolves the callers of requests
 * @param activeProject resolves {@code @current} to a caller's project
 * @param publicUrl the public base URL; empty to use the URL of each request
 * @param objects the object store to serve
 * @param logLinks the log links to serve
 * @param maxBodyBytes the size limit of request bodies
 * @param maxLogBodyBytes the size limit of bodies that append to a log
 * @param maxUploadBodyBytes the size limit of bodies that contain files
 * @param traffic the limits of simultaneous requests
 * @param streams the open event streams
 */
record ServletOptions(
        Errand errand,
        CallerResolver callers,
        Function<Caller, Optional<ProjectId>> activeProject,
        Optional<URI> publicUrl,
        Optional<LocalObjectStore> objects,
        Optional<LogLinks> logLinks,
        int maxBodyBytes,
        int maxLogBodyBytes,
        int maxUploadBodyBytes,
        Traffic traffic,
        OpenStreams streams) {

    /** Returns the size limit of a body. */
    int maxBytes(BodyKind kind) {
        return switch (kind) {
            case NONE -> 0;
            case JSON -> maxBodyBytes;
            case LOG -> maxLogBodyBytes;
            case FILES -> maxUploadBodyBytes;
            case BYTES -> Conversations.MAX_BYTES;
        };
    }

    /** Returns the endpoint that serves a path, if there is one. */
    Optional<? extends Endpoint> endpoint(RequestPath path) {
        if (path.segments().isEmpty()) {
            return Optional.empty();
        }
        return switch (path.segments().get(0)) {
            case Routes.ROOT ->
                    path.segments().equals(SchemaEndpoint.PATH)
                            ? Optional.of(new SchemaEndpoint(errand.profile()))
                            : Routes.find(path.segments())
                                    .map(match -> new ProjectEndpoint(this, match));
            case LocalObjectStore.PATH ->
                    objects.map(
                            store ->
                                    path.segments().size() == 1
                                            ? new UploadEndpoint(
                                                    store, errand::acceptsUpload, traffic)
                                            : new DownloadEndpoint(store));
            case LogLinks.PATH -> logLinks.map(links -> new LogEndpoint(links, errand));
            default -> Optional.empty();
        };
    }
}
