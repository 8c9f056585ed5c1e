package dev.errand.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Waits for one response. The thread is returned to the container, which calls the servlet again
 * when the response is there.
 */
final class ResponseAwaiter implements AsyncListener {

    private final Exchange exchange;
    private final AtomicBoolean isDone = new AtomicBoolean();

    private ResponseAwaiter(Exchange exchange) {
        this.exchange = exchange;
    }

    /**
     * Begins to wait.
     *
     * @return true if the response is there or failed, and the exchange can be resumed; false if
     *     the container will call the servlet again
     */
    static boolean await(
            HttpServletRequest request,
            HttpServletResponse response,
            Exchange exchange,
            Step.Await step) {
        CompletableFuture<HttpResponse> awaited = start(step);
        exchange.await(request, awaited);
        if (awaited.isDone() || !request.isAsyncSupported()) {
            return true;
        }
        AsyncContext context = request.startAsync(request, response);
        context.setTimeout(0); // The operation limits the time.
        ResponseAwaiter awaiter = new ResponseAwaiter(exchange);
        context.addListener(awaiter);
        awaited.whenComplete((result, failure) -> awaiter.dispatch(context));
        return false;
    }

    private static CompletableFuture<HttpResponse> start(Step.Await step) {
        try {
            return step.start().get().toCompletableFuture();
        } catch (RuntimeException | Error failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    private void dispatch(AsyncContext context) {
        if (isDone.compareAndSet(false, true)) {
            try {
                context.dispatch();
            } catch (IllegalStateException over) {
                // The container has ended the request.
                exchange.close();
            }
        }
    }

    @Override
    public void onComplete(AsyncEvent event) {
        isDone.set(true);
        exchange.close();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        // There is no timeout.
    }

    @Override
    public void onError(AsyncEvent event) {
        if (isDone.compareAndSet(false, true)) {
            exchange.close();
            event.getAsyncContext().complete();
        }
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // The response is the last that a request waits for.
    }
}
