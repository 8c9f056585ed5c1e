package dev.errand.page;

import static java.nio.charset.StandardCharsets.US_ASCII;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Serves a web page for people who operate Errand: the tasks of a project with filters and search,
 * a run with the reason for its state, its live log and its artifacts, and the queue.
 *
 * <p>Mounted at {@code /ui/*} it uses the Tasks API at {@code /api/projects/}; mounted at {@code
 * /errand/ui/*}, that at {@code /errand/api/projects/}. It serves files only and needs no
 * authentication: the browser sends the token that the user enters with each call of the API, and
 * keeps it in the memory of the page. What the page may do is therefore what the token may do.
 *
 * <p>The page loads nothing from other servers. Every response forbids inline scripts and styles,
 * frames, forms and the parsing of markup from text. Thread-safe.
 */
public final class OperatorPageServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private static final String INDEX = "index.html";

    /** Every file of the page but {@code options.json}, which depends on the options. */
    static final List<String> FILES =
            List.of(
                    INDEX,
                    "icon.svg",
                    "page.css",
                    "main.js",
                    "api.js",
                    "dom.js",
                    "log.js",
                    "polling.js",
                    "queue-view.js",
                    "run-view.js",
                    "task-view.js",
                    "tasks-view.js");

    private static final Map<String, String> SECURITY_HEADERS =
            Map.of(
                    "Content-Security-Policy",
                    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                            + " connect-src 'self'; base-uri 'none'; form-action 'none';"
                            + " frame-ancestors 'none'; require-trusted-types-for 'script';"
                            + " trusted-types 'none'",
                    "X-Content-Type-Options",
                    "nosniff",
                    "X-Frame-Options",
                    "DENY",
                    "Referrer-Policy",
                    "no-referrer",
                    "Cross-Origin-Opener-Policy",
                    "same-origin",
                    "Cross-Origin-Resource-Policy",
                    "same-origin");

    private final transient Map<String, PageFile> files;

    private OperatorPageServlet(boolean allowsActions) {
        files = new LinkedHashMap<>();
        FILES.forEach(name -> files.put(name, PageFile.read(name)));
        files.put(
                "options.json",
                PageFile.of(
                        "options.json",
                        ("{\"actions\":" + allowsActions + "}").getBytes(US_ASCII)));
    }

    /** Returns a servlet whose page offers no action that changes anything. */
    public static OperatorPageServlet readOnly() {
        return new OperatorPageServlet(false);
    }

    /**
     * Returns a servlet whose page also offers to cancel, retry and resume runs. The token of the
     * user must have the scope {@code task:write} for that.
     */
    public static OperatorPageServlet withActions() {
        return new OperatorPageServlet(true);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        SECURITY_HEADERS.forEach(response::setHeader);
        String method = request.getMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            response.setHeader("Allow", "GET, HEAD");
            response.sendError(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
            return;
        }
        String path = request.getPathInfo();
        if (path == null) {
            redirectIntoFolder(request, response);
            return;
        }
        PageFile file = files.get(path.equals("/") ? INDEX : path.substring(1));
        if (file == null) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        send(file, request, response);
    }

    /** Relative addresses of the page need the slash at the end. */
    private static void redirectIntoFolder(
            HttpServletRequest request, HttpServletResponse response) {
        String mount = request.getServletPath();
        response.setStatus(HttpServletResponse.SC_FOUND);
        response.setHeader("Location", mount.substring(mount.lastIndexOf('/') + 1) + "/");
    }

    private static void send(
            PageFile file, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.setHeader("ETag", file.etag());
        response.setHeader("Cache-Control", "no-cache");
        if (file.etag().equals(request.getHeader("If-None-Match"))) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        response.setContentType(file.mediaType());
        response.setContentLength(file.content().length);
        if (!request.getMethod().equals("HEAD")) {
            response.getOutputStream().write(file.content());
        }
    }
}
