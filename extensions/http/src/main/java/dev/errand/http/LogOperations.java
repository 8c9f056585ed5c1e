package dev.errand.http;

import dev.errand.run.AppendLogRequest;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import java.util.List;

/** The operations on the logs of runs (docs/wire/logs.md#i5, #i7, #i8). */
final class LogOperations {

    // Upstream names, which clients read (docs/wire/logs.md#i8). Errand need not use S3.
    private static final String READ = "s3_read";
    private static final String APPEND = "s3_append";

    private LogOperations() {}

    static HttpResponse append(ApiRequest request) {
        AppendLogRequest body = request.body(AppendLogRequest.class);
        ServerTiming timing = ServerTiming.start();
        Run run =
                request.client()
                        .runs()
                        .appendLog(request.task(), request.run(), body, request.idempotencyKey());
        String append = timing.entry(APPEND);
        return HttpResponse.ok(request.client().wireFormat().writeRun(run))
                .with(ServerTiming.HEADER, append);
    }

    static HttpResponse logs(ApiRequest request) {
        ServerTiming timing = ServerTiming.start();
        List<RunId> chain = request.client().runs().resumeChain(request.task(), request.run());
        LogLines lines = new LogLines(request.client().runs(), request.task(), chain);
        return HttpResponse.of(ResponseBody.streamed(MediaTypes.JSON_LINES, lines::writeTo))
                .with("Cache-Control", "no-cache")
                .with(ServerTiming.HEADER, timing.entry(READ));
    }

    static HttpResponse sessionLogs(ApiRequest request) {
        SessionLogQuery query = SessionLogQuery.of(request.query());
        ServerTiming timing = ServerTiming.start();
        SessionLog log =
                SessionLog.find(request.client().runs(), request.task(), request.run(), query);
        return HttpResponse.of(ResponseBody.streamed(MediaTypes.JSON, log::writeTo))
                .with("Cache-Control", "no-cache")
                .with("X-Total-Count", Long.toString(log.total()))
                .with("X-Matching-Count", Long.toString(log.matching()))
                // The same count under a second name, for compatibility with upstream.
                .with("X-Filtered-Count", Long.toString(log.matching()))
                .with("X-Has-More", Boolean.toString(log.hasMore()))
                .with(ServerTiming.HEADER, timing.entry(READ) + ", " + timing.entry("filter"));
    }
}
