package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ErrorResponsesTest {

    private final List<Throwable> uncaught = new ArrayList<>();

    @Test
    void exhaustedMemoryIsAlsoReportedToTheHost() throws InterruptedException {
        OutOfMemoryError failure = new OutOfMemoryError("planted by a test");

        respondTo(failure);

        assertThat(uncaught).containsExactly(failure);
    }

    @Test
    void otherErrorsAreOnlyAnswered() throws InterruptedException {
        respondTo(new StackOverflowError("planted by a test"));

        assertThat(uncaught).isEmpty();
    }

    private void respondTo(Error failure) throws InterruptedException {
        List<HttpResponse> responses = new ArrayList<>();
        Thread thread =
                new Thread(
                        () -> responses.add(new ErrorResponses(401).of(failure, "GET", "/tasks/")));
        thread.setUncaughtExceptionHandler((same, reported) -> uncaught.add(reported));
        thread.start();
        thread.join();
        assertThat(responses).hasSize(1).allMatch(HttpResponse::isError);
    }
}
