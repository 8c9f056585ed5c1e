package dev.errand.http;

import dev.errand.artifact.FinalizeUploadsRequest;
import dev.errand.artifact.PrepareUploadsRequest;
import dev.errand.artifact.PreparedUpload;
import dev.errand.spi.artifact.Artifact;
import java.util.List;

/** The operations on staged artifacts (contract D7, D8). */
final class UploadOperations {

    private UploadOperations() {}

    static Answer prepare(Call call) {
        PrepareUploadsRequest request = call.body(PrepareUploadsRequest.class);
        List<PreparedUpload> prepared =
                call.api().stagedArtifacts().prepareUpload(call.task(), request);
        return Answer.ok(call.api().wire().writePreparedUploads(prepared));
    }

    static Answer complete(Call call) {
        FinalizeUploadsRequest request = call.body(FinalizeUploadsRequest.class);
        List<Artifact> artifacts =
                call.api().stagedArtifacts().finalizeUpload(call.task(), request);
        return Answer.ok(call.api().wire().writeArtifacts(artifacts));
    }
}
