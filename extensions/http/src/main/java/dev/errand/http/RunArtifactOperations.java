package dev.errand.http;

import dev.errand.artifact.ArtifactContent;
import dev.errand.artifact.ArtifactReadRequest;
import dev.errand.artifact.FinalizeUploadsRequest;
import dev.errand.artifact.PrepareUploadsRequest;
import dev.errand.artifact.PreparedUpload;
import dev.errand.artifact.RunArtifacts;
import dev.errand.artifact.UploadArtifactsRequest;
import dev.errand.spi.artifact.Artifact;
import java.util.List;
import java.util.OptionalLong;

/** The operations on the artifacts of runs (docs/wire/artifacts.md#i6). */
final class RunArtifactOperations {

    private RunArtifactOperations() {}

    static HttpResponse upload(ApiRequest request) {
        UploadArtifactsRequest body = request.body(UploadArtifactsRequest.class);
        List<Artifact> manifest = artifacts(request).upload(request.task(), request.run(), body);
        return HttpResponse.ok(request.client().wireFormat().writeArtifacts(manifest));
    }

    static HttpResponse prepare(ApiRequest request) {
        PrepareUploadsRequest body = request.body(PrepareUploadsRequest.class);
        List<PreparedUpload> prepared =
                artifacts(request).prepareUpload(request.task(), request.run(), body);
        return HttpResponse.ok(request.client().wireFormat().writePreparedUploads(prepared));
    }

    static HttpResponse finalizeUpload(ApiRequest request) {
        FinalizeUploadsRequest body = request.body(FinalizeUploadsRequest.class);
        List<Artifact> entries =
                artifacts(request).finalizeUpload(request.task(), request.run(), body);
        return HttpResponse.ok(request.client().wireFormat().writeArtifacts(entries));
    }

    static HttpResponse presign(ApiRequest request) {
        ArtifactReadRequest body = request.body(ArtifactReadRequest.class);
        RunArtifacts.ArtifactLink link =
                artifacts(request).presign(request.task(), request.run(), body);
        return HttpResponse.ok(request.client().wireFormat().writeLink(link));
    }

    static HttpResponse download(ApiRequest request) {
        ArtifactReadRequest body = request.body(ArtifactReadRequest.class);
        ArtifactContent found = artifacts(request).download(request.task(), request.run(), body);
        ResponseBody bytes =
                new ResponseBody(
                        MediaTypes.headerSafe(found.artifact().contentType()),
                        OptionalLong.of(found.artifact().sizeInBytes()),
                        true,
                        out -> found.bytes().transferTo(out),
                        found.bytes());
        return HttpResponse.of(bytes)
                .with("Cache-Control", "no-cache")
                .with(
                        "Content-Disposition",
                        ContentDisposition.attachment(found.artifact().name()));
    }

    private static RunArtifacts artifacts(ApiRequest request) {
        return request.client().runArtifacts();
    }
}
