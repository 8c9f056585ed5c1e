package dev.errand.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.Errand;
import dev.errand.ProjectClient;
import dev.errand.access.Caller;
import dev.errand.access.Scope;
import dev.errand.error.AuthenticationException;
import dev.errand.error.ErrorCode;
import dev.errand.error.NotFoundException;
import dev.errand.error.UnsupportedRequestException;
import dev.errand.http.Authenticator;
import dev.errand.process.ProcessLauncher;
import dev.errand.run.RunDescription;
import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.QueueDepth;
import dev.errand.spi.task.TaskId;
import dev.errand.wire.ErrorBody;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Serves {@code /_describe/projects/{project}/tasks/{task}/runs/{run}}: the reason for the state of
 * a run and its next step, and {@code /_describe/projects/{project}/queue}: how many runs of the
 * project wait. Callers need read access. Not part of the published API.
 */
final class DescriptionServlet extends HttpServlet {

    static final String PATH = "/_describe/*";

    private static final long serialVersionUID = 1L;
    private static final int OK = 200;
    private static final List<String> METHODS = List.of("GET", "HEAD");
    private static final Pattern PATHS =
            Pattern.compile(
                    "/projects/(@current|[0-9]{1,18})/(queue|tasks/([0-9a-f-]{36})/runs/([0-9a-f-]{36}))/?");

    private final transient Errand errand;
    private final transient Backend backend;
    private final transient FileProjectDirectory directory;
    private final transient Optional<ProcessLauncher> launcher;
    private final transient Optional<AgentOptions> agents;

    DescriptionServlet(
            Errand errand,
            Backend backend,
            FileProjectDirectory directory,
            Optional<ProcessLauncher> launcher,
            Optional<AgentOptions> agents) {
        this.errand = errand;
        this.backend = backend;
        this.directory = directory;
        this.launcher = launcher;
        this.agents = agents;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        try {
            Caller caller = callerOf(request);
            if (!METHODS.contains(request.getMethod())) {
                response.setHeader("Allow", String.join(", ", METHODS));
                throw new UnsupportedRequestException(
                        ErrorCode.METHOD_NOT_ALLOWED,
                        "Method \"" + request.getMethod() + "\" not allowed.");
            }
            byte[] json = answer(caller, request.getPathInfo()).toString().getBytes(UTF_8);
            respond(request, response, OK, json);
        } catch (RuntimeException failure) {
            ErrorBody error = ErrorBody.of(failure);
            respond(request, response, error.status(), error.toJson());
        }
    }

    private Caller callerOf(HttpServletRequest request) {
        Optional<String> token = Authenticator.bearerToken(request);
        return token.flatMap(directory::authenticate)
                .orElseThrow(
                        token.isPresent()
                                ? AuthenticationException::invalidCredentials
                                : AuthenticationException::missingCredentials);
    }

    private ObjectNode answer(Caller caller, String path) {
        Matcher matcher = PATHS.matcher(path == null ? "" : path);
        if (!matcher.matches()) {
            throw new NotFoundException();
        }
        ProjectId id =
                matcher.group(1).startsWith("@")
                        ? directory.activeProject(caller).orElseThrow(NotFoundException::new)
                        : ProjectId.of(Long.parseLong(matcher.group(1)));
        ProjectClient project = errand.project(id, caller);
        if (matcher.group(2).equals("queue")) {
            project.require(Scope.TASK_READ);
            return json(backend.queue().depth(ProjectScope.only(Set.of(id))));
        }
        TaskId task = TaskId.parse(matcher.group(3)).orElseThrow(NotFoundException::new);
        RunId run = RunId.parse(matcher.group(4)).orElseThrow(NotFoundException::new);
        return json(project.runs().describe(task, run));
    }

    private ObjectNode json(QueueDepth depth) {
        Instant now = backend.clock().instant();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("waiting", depth.waiting());
        json.put("waiting_since", depth.waitingSince().map(Object::toString).orElse(null));
        json.put(
                "age_seconds",
                depth.waitingSince()
                        .map(since -> Math.max(0, Duration.between(since, now).toSeconds()))
                        .orElse(null));
        json.put("unattended", depth.unattended());
        return json;
    }

    private ObjectNode json(RunDescription description) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("why", description.reason().name().toLowerCase(Locale.ROOT));
        json.put("sentence", description.sentence());
        json.put("next", description.next());
        json.put("next_at", description.nextAt().map(Object::toString).orElse(null));
        json.put("attempt", description.attempt());
        json.put("last_failure", description.lastFailure().orElse(null));
        description
                .lease()
                .ifPresent(
                        lease ->
                                json.putObject("lease")
                                        .put("owner", lease.owner())
                                        .put("until", lease.until().toString()));
        json.put("agents", agents.map(each -> each.selection().sentence()).orElse(null));
        json.put(
                "repositories",
                agents.flatMap(AgentOptions::repositories)
                        .map(RepositoryOptions::sentence)
                        .orElse(null));
        json.put("sandboxes", launcher.map(each -> each.status().sentence()).orElse(null));
        return json;
    }

    private static void respond(
            HttpServletRequest request, HttpServletResponse response, int status, byte[] json)
            throws IOException {
        response.setStatus(status);
        response.setContentType("application/json");
        response.setContentLength(json.length);
        response.setHeader("Cache-Control", "no-store");
        if (!request.getMethod().equals("HEAD")) {
            response.getOutputStream().write(json);
        }
    }
}
