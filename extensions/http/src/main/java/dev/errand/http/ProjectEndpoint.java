package dev.errand.http;

import dev.errand.ProjectClient;
import dev.errand.access.Caller;
import dev.errand.access.RunGrant;
import dev.errand.error.NotFoundException;
import dev.errand.spi.ProjectId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One path below a project, behind the checks that all of them share, in the contract's order
 * (contract C2): who asks, the project, the method, the scope. Body, look-up and rules follow in
 * the operation.
 *
 * @param setup what the host made of the servlet
 * @param match the path
 */
record ProjectEndpoint(Setup setup, Routes.Match match) implements Endpoint {

    private static final String ACTIVE_PROJECT = "@current";
    private static final Pattern PROJECT_NUMBER = Pattern.compile("[0-9]{1,18}");

    @Override
    public String pattern() {
        return match.resource().pattern().text();
    }

    @Override
    public Answer answer(HttpServletRequest request, RequestPath path) {
        Caller caller = setup.credentials().callerOf(request);
        ProjectClient api = setup.errand().project(project(caller), caller);
        Optional<Resource.Method> method = match.resource().method(request.getMethod());
        if (method.isEmpty()) {
            return Failures.methodNotAllowed(request, match.resource().allowed());
        }
        api.require(method.get().scope());
        return method.get().operation().answer(new Call(setup, api, match, request, path));
    }

    private ProjectId project(Caller caller) {
        String text = match.variable("project");
        Optional<ProjectId> project =
                text.equals(ACTIVE_PROJECT) ? activeProject(caller) : numbered(text);
        return project.orElseThrow(NotFoundException::new);
    }

    /** A sandbox's token names its project; of anyone else the host knows. */
    private Optional<ProjectId> activeProject(Caller caller) {
        return caller.grant().map(RunGrant::project).or(() -> setup.activeProject().apply(caller));
    }

    private static Optional<ProjectId> numbered(String text) {
        return PROJECT_NUMBER.matcher(text).matches()
                ? Optional.of(ProjectId.of(Long.parseLong(text)))
                : Optional.empty();
    }
}
