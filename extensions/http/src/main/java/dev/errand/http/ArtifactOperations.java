package dev.errand.http;

import dev.errand.artifact.ArtifactContent;
import dev.errand.artifact.ArtifactLink;
import dev.errand.artifact.ArtifactOfRun;
import dev.errand.artifact.FinalizeUploads;
import dev.errand.artifact.InlineUploads;
import dev.errand.artifact.PrepareUploads;
import dev.errand.artifact.PreparedUpload;
import dev.errand.artifact.RunArtifacts;
import dev.errand.spi.artifact.Artifact;
import java.util.List;
import java.util.OptionalLong;

/** The operations on the artifacts of runs (contract I6). */
final class ArtifactOperations {

    private ArtifactOperations() {}

    static Answer upload(Call call) {
        InlineUploads request = call.uploadBody(InlineUploads.class);
        List<Artifact> manifest = artifacts(call).upload(call.task(), call.run(), request);
        return Answer.ok(call.api().wire().artifacts(manifest));
    }

    static Answer prepare(Call call) {
        PrepareUploads request = call.body(PrepareUploads.class);
        List<PreparedUpload> prepared =
                artifacts(call).prepareUpload(call.task(), call.run(), request);
        return Answer.ok(call.api().wire().preparedUploads(prepared));
    }

    static Answer complete(Call call) {
        FinalizeUploads request = call.body(FinalizeUploads.class);
        List<Artifact> entries = artifacts(call).finalizeUpload(call.task(), call.run(), request);
        return Answer.ok(call.api().wire().artifacts(entries));
    }

    static Answer presign(Call call) {
        ArtifactOfRun request = call.body(ArtifactOfRun.class);
        ArtifactLink link = artifacts(call).presign(call.task(), call.run(), request);
        return Answer.ok(call.api().wire().link(link));
    }

    static Answer download(Call call) {
        ArtifactOfRun request = call.body(ArtifactOfRun.class);
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
