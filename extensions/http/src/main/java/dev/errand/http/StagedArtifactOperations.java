package dev.errand.http;

import dev.errand.artifact.FinalizeUploadsRequest;
import dev.errand.artifact.PrepareUploadsRequest;
import dev.errand.artifact.PreparedUpload;
import dev.errand.spi.artifact.Artifact;
import java.util.List;

/** The operations on staged artifacts (docs/wire/artifacts.md#d7, #d8). */
final class StagedArtifactOperations {

    private StagedArtifactOperations() {}

    static HttpResponse prepare(ApiRequest request) {
        PrepareUploadsRequest body = request.body(PrepareUploadsRequest.class);
        List<PreparedUpload> prepared =
                request.client().stagedArtifacts().prepareUpload(request.task(), body);
        return HttpResponse.ok(request.client().wireFormat().writePreparedUploads(prepared));
    }

    static HttpResponse finalizeUpload(ApiRequest request) {
        FinalizeUploadsRequest body = request.body(FinalizeUploadsRequest.class);
        List<Artifact> artifacts =
                request.client().stagedArtifacts().finalizeUpload(request.task(), body);
        return HttpResponse.ok(request.client().wireFormat().writeArtifacts(artifacts));
    }
}
