package dev.errand.http;

import dev.errand.run.AppendLogRequest;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import java.util.List;

/** The operations on the logs of runs (contract I5, I7, I8). */
final class LogOperations {

    private static final String READ = "s3_read";
    private static final String APPEND = "s3_append";

    private LogOperations() {}

    static Answer append(Call call) {
        AppendLogRequest request = call.logBody(AppendLogRequest.class);
        Stopwatch watch = Stopwatch.started();
        Run run =
                call.api()
                        .runs()
                        .appendLog(call.task(), call.run(), request, call.idempotencyKey());
        String timing = watch.timing(APPEND);
        return Answer.ok(call.api().wire().writeRun(run)).with(Stopwatch.HEADER, timing);
    }

    static Answer logs(Call call) {
        Stopwatch watch = Stopwatch.started();
        List<RunId> chain = call.api().runs().resumeChain(call.task(), call.run());
        LogText text = new LogText(call.api().runs(), call.task(), chain);
        return Answer.of(Content.streamed(MediaTypes.JSON_LINES, text::writeTo))
                .with("Cache-Control", "no-cache")
                .with(Stopwatch.HEADER, watch.timing(READ));
    }

    static Answer sessionLogs(Call call) {
        SessionLogQuery query = SessionLogQuery.of(call.query());
        Stopwatch watch = Stopwatch.started();
        SessionLog log = SessionLog.read(call.api().runs(), call.task(), call.run(), query);
        return Answer.of(Content.streamed(MediaTypes.JSON, log::writeTo))
                .with("Cache-Control", "no-cache")
                .with("X-Total-Count", Long.toString(log.total()))
                .with("X-Matching-Count", Long.toString(log.matching()))
                .with("X-Filtered-Count", Long.toString(log.matching()))
                .with("X-Has-More", Boolean.toString(log.hasMore()))
                .with(Stopwatch.HEADER, watch.timing(READ) + ", " + watch.timing("filter"));
    }
}
