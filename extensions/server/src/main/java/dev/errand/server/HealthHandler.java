package dev.errand.server;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Serves health checks without authentication: {@code /_health} is 200 while the process runs;
 * {@code /_ready} is 200 while the server accepts requests and storage responds, otherwise 503. No
 * thread waits for the storage.
 */
final class HealthHandler extends Handler.Wrapper {

    private static final String HEALTH = "/_health";
    private static final int UNAVAILABLE = HttpStatus.SERVICE_UNAVAILABLE_503;
    private static final String READY = "/_ready";

    private final ReadinessCheck readiness;
    private volatile boolean draining;

    HealthHandler(ReadinessCheck readiness, Handler others) {
        super(others);
        this.readiness = readiness;
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
        if (isHealth) {
            respond(response, callback, HttpStatus.OK_200, "ok");
        } else if (draining) {
            respond(response, callback, UNAVAILABLE, "draining");
        } else {
            readiness
                    .isReady()
                    .thenAccept(
                            responds -> {
                                if (responds) {
                                    respond(response, callback, HttpStatus.OK_200, "ready");
                                } else {
                                    respond(response, callback, UNAVAILABLE, "unavailable");
                                }
                            })
                    .exceptionally(
                            failure -> {
                                callback.failed(failure);
                                return null;
                            });
        }
        return true;
    }

    private static void respond(Response response, Callback callback, int status, String state) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        byte[] body = ("{\"status\":\"" + state + "\"}").getBytes(StandardCharsets.UTF_8);
        response.write(true, ByteBuffer.wrap(body), callback);
    }
}
