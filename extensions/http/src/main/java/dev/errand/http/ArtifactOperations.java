package dev.errand.http;

import dev.errand.artifact.ArtifactContent;
import dev.errand.artifact.ArtifactLink;
import dev.errand.artifact.ArtifactReadRequest;
import dev.errand.artifact.FinalizeUploadsRequest;
import dev.errand.artifact.PrepareUploadsRequest;
import dev.errand.artifact.PreparedUpload;
import dev.errand.artifact.RunArtifacts;
import dev.errand.artifact.UploadArtifactsRequest;
import dev.errand.spi.artifact.Artifact;
import java.util.List;
import java.util.OptionalLong;

/** The operations on the artifacts of runs (contract I6). */
final class ArtifactOperations {

    private ArtifactOperations() {}

    static Answer upload(Call call) {
        UploadArtifactsRequest request = call.uploadBody(UploadArtifactsRequest.class);
        List<Artifact> manifest = artifacts(call).upload(call.task(), call.run(), request);
        return Answer.ok(call.api().wire().writeArtifacts(manifest));
    }

    static Answer prepare(Call call) {
        PrepareUploadsRequest request = call.body(PrepareUploadsRequest.class);
        List<PreparedUpload> prepared =
                artifacts(call).prepareUpload(call.task(), call.run(), request);
        return Answer.ok(call.api().wire().writePreparedUploads(prepared));
    }

    static Answer complete(Call call) {
        FinalizeUploadsRequest request = call.body(FinalizeUploadsRequest.class);
        List<Artifact> entries = artifacts(call).finalizeUpload(call.task(), call.run(), request);
        return Answer.ok(call.api().wire().writeArtifacts(entries));
    }

    static Answer presign(Call call) {
        ArtifactReadRequest request = call.body(ArtifactReadRequest.class);
        ArtifactLink link = artifacts(call).presign(call.task(), call.run(), request);
        return Answer.ok(call.api().wire().writeLink(link));
    }

    static Answer download(Call call) {
        ArtifactReadRequest request = call.body(ArtifactReadRequest.class);
        ArtifactContent found = artifacts(call).download(call.task(), call.run(), request);
        // Its length is not told beforehand: the form that uploaded it may have replaced it since.
        Content bytes =
                new Content(
                        MediaTypes.sendable(found.artifact().contentType()),
                        OptionalLong.empty(),
                        out -> found.bytes().transferTo(out),
                        found.bytes());
        return Answer.of(bytes)
                .with("Cache-Control", "no-cache")
                .with("Content-Disposition", FileNames.attachment(found.artifact().name()));
    }

    private static RunArtifacts artifacts(Call call) {
        return call.api().runArtifacts();
    }
}
