package dev.errand.http;

import dev.errand.Errand;
import dev.errand.access.Caller;
import dev.errand.error.AccessDeniedException;
import dev.errand.error.NotFoundException;
import dev.errand.run.Runs;
import dev.errand.spi.ProjectId;
import dev.errand.spi.run.RunId;
import dev.errand.spi.task.TaskId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;

/**
 * What a link to a log leads to; the signature is the credential (contract A3, {@code log_url}).
 *
 * @param links signed it
 * @param errand has the log
 */
record LogEndpoint(LogLinks links, Errand errand) implements Endpoint {

    private static final int SEGMENTS = 4;

    @Override
    public String pattern() {
        return "/_logs/{project}/{task}/{run}";
    }

    @Override
    public Answer answer(HttpServletRequest request, RequestPath path) {
        if (path.segments().size() != SEGMENTS) {
            throw new NotFoundException();
        }
        if (!Methods.isReading(request)) {
            return Failures.methodNotAllowed(request, Methods.READING);
        }
        List<String> ids = path.segments().subList(1, SEGMENTS);
        QueryParameters query = QueryParameters.of(request.getQueryString());
        boolean accepted =
                links.accepts(
                        String.join("/", ids),
                        query.text("expires").orElse(""),
                        query.text("signature").orElse(""));
        if (!accepted) {
            throw AccessDeniedException.invalidSignature("link");
        }
        return log(
                ProjectId.of(Long.parseLong(ids.get(0))),
                TaskId.parse(ids.get(1)).orElseThrow(),
                RunId.parse(ids.get(2)).orElseThrow());
    }

    private Answer log(ProjectId project, TaskId task, RunId run) {
        Runs runs = errand.project(project, Caller.host()).runs();
        if (runs.readLog(task, run, 0, 1).isEmpty()) {
            throw new NotFoundException();
        }
        LogText text = new LogText(runs, task, List.of(run));
        return Answer.of(Content.streamed(MediaTypes.JSON_LINES, text::writeTo))
                .with("Cache-Control", "no-cache");
    }
}
