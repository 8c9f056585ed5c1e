package dev.errand.server;

import dev.errand.spi.ProjectScope;
import dev.errand.spi.store.Backend;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves health checks without authentication: {@code /_health} is 200 while the process runs;
 * {@code /_ready} is 200 while the server accepts requests and storage responds, otherwise 503.
 */
final class HealthHandler extends Handler.Wrapper {

    private static final Logger LOG = LoggerFactory.getLogger(HealthHandler.class);
    private static final String HEALTH = "/_health";
    private static final String READY = "/_ready";

    private final Backend backend;
    private volatile boolean draining;

    HealthHandler(Backend backend, Handler others) {
        super(others);
        this.backend = backend;
    }

    /** Reports the server as not ready from now on. */
    void drain() {
        draining = true;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String path = Request.getPathInContext(request);
        boolean isHealth = path.equals(HEALTH) || path.equals(HEALTH + "/");
        boolean isReady = path.equals(READY) || path.equals(READY + "/");
        if (!isHealth && !isReady) {
            return super.handle(request, response, callback);
        }
        String method = request.getMethod();
        if (!HttpMethod.GET.is(method) && !HttpMethod.HEAD.is(method)) {
            response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
            Response.writeError(request, response, callback, HttpStatus.METHOD_NOT_ALLOWED_405);
            return true;
        }
        String state = isHealth ? "ok" : state();
        boolean isFine = isHealth || state.equals("ready");
        response.setStatus(isFine ? HttpStatus.OK_200 : HttpStatus.SERVICE_UNAVAILABLE_503);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        byte[] body = ("{\"status\":\"" + state + "\"}").getBytes(StandardCharsets.UTF_8);
        response.write(true, ByteBuffer.wrap(body), callback);
        return true;
    }

    private String state() {
        if (draining) {
            return "draining";
        }
        try {
            backend.queue().nextDue(ProjectScope.everyProject());
            return "ready";
        } catch (RuntimeException failure) {
            LOG.warn("not ready: storage does not respond", failure);
            return "unavailable";
        }
    }
}
