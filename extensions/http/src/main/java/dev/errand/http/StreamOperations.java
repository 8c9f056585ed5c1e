package dev.errand.http;

import dev.errand.error.ErrorCode;
import dev.errand.error.UnsupportedRequestException;
import dev.errand.run.RunUpdate;
import dev.errand.run.Runs;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.LogFilter;
import dev.errand.spi.task.TaskId;
import java.io.Closeable;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Flow;

/** The event stream of a run (docs/wire/stream.md#i13). */
final class StreamOperations {

    private static final int OK = 200;

    private StreamOperations() {}

    static Step stream(ApiRequest request) {
        if (!MediaTypes.acceptsEventStream(request.headers("Accept"))) {
            throw new UnsupportedRequestException(
                    ErrorCode.NOT_ACCEPTABLE, ErrorCode.NOT_ACCEPTABLE.detail());
        }
        StreamCursor cursor =
                StreamCursor.of(
                        request.headers("Last-Event-ID").stream()
                                .filter(id -> !id.isEmpty())
                                .findFirst(),
                        request.query().text("start"));
        Runs runs = request.client().runs();
        TaskId task = request.task();
        RunId run = request.run();
        OpenStreams streams = request.streams();
        OptionalLong latest =
                cursor.isLatest()
                        ? OptionalLong.of(runs.findLogPage(task, run, LogFilter.ALL, 0).total())
                        : OptionalLong.empty();
        Flow.Publisher<RunUpdate> updates = runs.watch(task, run, latest.orElse(cursor.after()));
        if (request.isHead()) {
            return response(new byte[0]);
        }
        Optional<Closeable> place = streams.tryEnter(request.client().caller().identity());
        if (place.isEmpty()) {
            return response(EventFrames.error(EventFrames.BUSY));
        }
        return new EventStream(
                updates,
                request.client().wireFormat(),
                latest.orElse(0) > 0 ? EventFrames.keepalive(latest.getAsLong()) : new byte[0],
                streams,
                place.get());
    }

    private static HttpResponse response(byte[] frames) {
        return new HttpResponse(
                OK,
                EventStream.HEADERS,
                Optional.of(
                        new ResponseBody(
                                MediaTypes.EVENT_STREAM,
                                OptionalLong.empty(),
                                false,
                                out -> out.write(frames),
                                () -> {})));
    }
}
