package dev.errand.server;

import java.util.concurrent.RejectedExecutionException;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Handles requests on threads of their own, so that the threads of the server itself, which accept
 * connections, parse requests and answer health checks, never wait for storage or a client.
 */
final class ApiThreads extends Handler.Wrapper {

    private static final int MAX_THREADS = 200;
    private static final int MIN_THREADS = 8;
    private static final int IDLE_MILLIS = 60_000;

    private final QueuedThreadPool threads =
            new QueuedThreadPool(MAX_THREADS, MIN_THREADS, IDLE_MILLIS);

    ApiThreads() {
        threads.setName("errand-api");
        installBean(threads);
    }

    /** Returns a servlet context whose asynchronous work is also done by these threads. */
    ServletContextHandler newContext() {
        ServletContextHandler context = new Context(threads);
        setHandler(context);
        return context;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Request own = new OwnDemand(request);
        try {
            threads.execute(() -> handleNow(own, response, callback));
        } catch (RejectedExecutionException stopping) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, 1);
            Response.writeError(request, response, callback, HttpStatus.SERVICE_UNAVAILABLE_503);
        }
        return true;
    }

    private void handleNow(Request request, Response response, Callback callback) {
        try {
            if (!super.handle(request, response, callback)) {
                Response.writeError(request, response, callback, HttpStatus.NOT_FOUND_404);
            }
        } catch (Throwable failure) {
            Response.writeError(request, response, callback, failure);
        }
    }

    /** A request whose content is read by these threads. */
    private final class OwnDemand extends Request.Wrapper {

        OwnDemand(Request request) {
            super(request);
        }

        @Override
        public void demand(Runnable callback) {
            super.demand(() -> threads.execute(callback));
        }
    }

    private static final class Context extends ServletContextHandler {

        private final QueuedThreadPool threads;

        Context(QueuedThreadPool threads) {
            this.threads = threads;
        }

        @Override
        protected ServletScopedContext newContext() {
            return new ServletScopedContext() {
                @Override
                public void execute(Runnable task) {
                    threads.execute(() -> run(task));
                }
            };
        }
    }
}
