package dev.errand.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.Errand;
import dev.errand.access.Caller;
import dev.errand.error.NotFoundException;
import dev.errand.error.RequestException;
import dev.errand.process.ProcessLauncher;
import dev.errand.run.RunDescription;
import dev.errand.spi.ProjectId;
import dev.errand.spi.run.RunId;
import dev.errand.spi.task.TaskId;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Serves {@code /_describe/projects/{project}/tasks/{task}/runs/{run}}: the reason for the state of
 * a run and its next step. Callers need read access to the run. Not part of the published API.
 */
final class DescriptionServlet extends HttpServlet {

    static final String PATH = "/_describe/*";

    private static final long serialVersionUID = 1L;
    private static final String BEARER = "Bearer ";
    private static final Pattern RUN =
            Pattern.compile(
                    "/projects/(@current|[0-9]{1,18})/tasks/([0-9a-f-]{36})/runs/([0-9a-f-]{36})/?");

    private final transient Errand errand;
    private final transient FileProjectDirectory directory;
    private final transient Optional<ProcessLauncher> launcher;

    DescriptionServlet(
            Errand errand, FileProjectDirectory directory, Optional<ProcessLauncher> launcher) {
        this.errand = errand;
        this.directory = directory;
        this.launcher = launcher;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Optional<Caller> caller =
                Optional.ofNullable(request.getHeader("Authorization"))
                        .filter(header -> header.startsWith(BEARER))
                        .map(header -> header.substring(BEARER.length()).strip())
                        .filter(token -> !token.isEmpty())
                        .flatMap(directory::authenticate);
        if (caller.isEmpty()) {
            respond(response, 401, detail("Authentication credentials were not provided."));
            return;
        }
        try {
            respond(response, 200, json(describe(caller.get(), request.getPathInfo())));
        } catch (RequestException denied) {
            respond(
                    response,
                    denied.code().status(),
                    detail(Objects.requireNonNull(denied.getMessage())));
        }
    }

    private RunDescription describe(Caller caller, String path) {
        Matcher matcher = RUN.matcher(path == null ? "" : path);
        if (!matcher.matches()) {
            throw new NotFoundException();
        }
        ProjectId project =
                matcher.group(1).startsWith("@")
                        ? directory.activeProject(caller).orElseThrow(NotFoundException::new)
                        : ProjectId.of(Long.parseLong(matcher.group(1)));
        TaskId task = TaskId.parse(matcher.group(2)).orElseThrow(NotFoundException::new);
        RunId run = RunId.parse(matcher.group(3)).orElseThrow(NotFoundException::new);
        return errand.project(project, caller).runs().describe(task, run);
    }

    private ObjectNode json(RunDescription description) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("why", description.reason().name().toLowerCase(Locale.ROOT));
        json.put("sentence", description.sentence());
        json.put("next", description.next());
        json.put("next_at", description.nextAt().map(Object::toString).orElse(null));
        json.put("attempt", description.attempt());
        json.put("last_failure", description.lastFailure().orElse(null));
        json.put("sandboxes", launcher.map(each -> each.status().sentence()).orElse(null));
        return json;
    }

    private static ObjectNode detail(String text) {
        return JsonNodeFactory.instance.objectNode().put("detail", text);
    }

    private static void respond(HttpServletResponse response, int status, ObjectNode json)
            throws IOException {
        response.setStatus(status);
        response.setContentType("application/json");
        response.setHeader("Cache-Control", "no-store");
        response.getOutputStream().write(json.toString().getBytes(StandardCharsets.UTF_8));
    }
}
