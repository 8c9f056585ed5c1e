package dev.errand.http;

import dev.errand.artifact.FinalizeUploads;
import dev.errand.artifact.PrepareUploads;
import dev.errand.artifact.PreparedUpload;
import dev.errand.spi.artifact.Artifact;
import java.util.List;

/** The operations on staged artifacts (contract D7, D8). */
final class UploadOperations {

    private UploadOperations() {}

    static Answer prepare(Call call) {
        PrepareUploads request = call.body(PrepareUploads.class);
        List<PreparedUpload> prepared =
                call.api().stagedArtifacts().prepareUpload(call.task(), request);
        return Answer.ok(call.api().wire().preparedUploads(prepared));
    }

    static Answer complete(Call call) {
        FinalizeUploads request = call.body(FinalizeUploads.class);
        List<Artifact> artifacts =
                call.api().stagedArtifacts().finalizeUpload(call.task(), request);
        return Answer.ok(call.api().wire().artifacts(artifacts));
    }
}
