package dev.errand.http;

import dev.errand.ProjectClient;
import dev.errand.access.Caller;
import dev.errand.access.RunGrant;
import dev.errand.error.NotFoundException;
import dev.errand.spi.ProjectId;
import jakarta.servlet.http.HttpServletRequest;
import java.io.Closeable;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A path below a project. Makes the checks that all operations share in the order of
 * docs/wire/authentication.md#c2: caller, project, method, scope. The operation validates the body,
 * looks up the objects and applies the rules.
 *
 * @param options the options of the servlet
 * @param match the matched path
 */
record ProjectEndpoint(ServletOptions options, Routes.Match match) implements Endpoint {

    private static final String ACTIVE_PROJECT = "@current";
    private static final Pattern PROJECT_NUMBER = Pattern.compile("[0-9]{1,18}");

    @Override
    public String pattern() {
        return match.route().pattern().text();
    }

    @Override
    public Step handle(HttpServletRequest request, RequestPath path, Exchange exchange) {
        Caller caller = options.callers().callerOf(request);
        exchange.caller(caller.identity());
        ProjectClient client = options.errand().project(project(caller), caller);
        Optional<Route.Method> found = match.route().method(request.getMethod());
        if (found.isEmpty()) {
            return ErrorResponses.methodNotAllowed(request, match.route().allowed());
        }
        Route.Method method = found.get();
        client.require(method.scope());
        if (method.body() == BodyKind.NONE) {
            return perform(
                    method,
                    exchange,
                    new ApiRequest(options, client, match, request, path, Optional.empty()));
        }
        RequestBody body =
                exchange.hold(
                        RequestBody.of(
                                request,
                                method.body(),
                                options.maxBytes(method.body()),
                                exchange.hold(options.traffic().memory().open(caller.identity()))));
        ApiRequest call = new ApiRequest(options, client, match, request, path, Optional.of(body));
        return new Step.ReadBody(
                body,
                options.traffic().pace(),
                RequestBody.ENDED_EARLY,
                () -> perform(method, exchange, call));
    }

    private Step perform(Route.Method method, Exchange exchange, ApiRequest call) {
        Traffic traffic = options.traffic();
        Closeable place = exchange.hold(traffic.requests().enter(exchange.caller()));
        Step step = method.operation().handle(call);
        if (step instanceof Step.Await) {
            exchange.hold(traffic.commands().enter(exchange.caller()));
            Exchange.close(place);
        }
        return step;
    }

    private ProjectId project(Caller caller) {
        String text = match.variable("project");
        Optional<ProjectId> project =
                text.equals(ACTIVE_PROJECT) ? activeProject(caller) : numbered(text);
        return project.orElseThrow(NotFoundException::new);
    }

    /** Returns the project of an agent's token; for other callers the host decides. */
    private Optional<ProjectId> activeProject(Caller caller) {
        return caller.grant()
                .map(RunGrant::project)
                .or(() -> options.activeProject().apply(caller));
    }

    private static Optional<ProjectId> numbered(String text) {
        return PROJECT_NUMBER.matcher(text).matches()
                ? Optional.of(ProjectId.of(Long.parseLong(text)))
                : Optional.empty();
    }
}
