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
 * Serves signed links to logs; the signature is the credential (docs/wire/runs.md#a3, {@code
 * log_url}).
 *
 * @param links the signer of the links
 * @param errand the engine that reads the log
 */
record LogEndpoint(LogLinks links, Errand errand) implements Endpoint {

    private static final int SEGMENTS = 4;

    @Override
    public String pattern() {
        return "/_logs/{project}/{task}/{run}";
    }

    @Override
    public HttpResponse handle(HttpServletRequest request, RequestPath path, Exchange exchange) {
        if (path.segments().size() != SEGMENTS) {
            throw new NotFoundException();
        }
        if (!HttpMethods.isSafe(request)) {
            return ErrorResponses.methodNotAllowed(request, HttpMethods.SAFE_METHODS);
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
        exchange.caller("link:" + String.join("/", ids));
        return log(
                ProjectId.of(Long.parseLong(ids.get(0))),
                TaskId.parse(ids.get(1)).orElseThrow(),
                RunId.parse(ids.get(2)).orElseThrow());
    }

    private HttpResponse log(ProjectId project, TaskId task, RunId run) {
        Runs runs = errand.project(project, Caller.host()).runs();
        if (runs.readLog(task, run, 0, 1).isEmpty()) {
            throw new NotFoundException();
        }
        LogLines lines = new LogLines(runs, task, List.of(run));
        return HttpResponse.of(ResponseBody.streamed(MediaTypes.JSON_LINES, lines::writeTo))
                .with("Cache-Control", "no-cache");
    }
}
