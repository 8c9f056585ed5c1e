package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AwaitedBodiesTest {

    /** 20 in total, two of a caller. */
    private final AwaitedBodies bodies = new AwaitedBodies(20);

    private final List<String> ended = new ArrayList<>();

    @Test
    void theOldestBodyOfACallerGivesWay() throws IOException {
        Closeable first = enter("rosa", "1");
        enter("rosa", "2");
        enter("tom", "3");
        first.close();
        first.close();
        enter("rosa", "4");
        assertThat(ended).isEmpty();

        enter("rosa", "5");

        assertThat(ended).containsExactly("2: TOO_MANY_REQUESTS");
    }

    @Test
    void clientsWithoutCredentialsAreLimitedInTotalOnly() {
        for (int i = 0; i < 20; i++) {
            enter("", "s" + i);
        }
        assertThat(ended).isEmpty();

        enter("", "s20");
        enter("rosa", "1");
        enter("rosa", "2");

        assertThat(ended).containsExactly("s0: OVERLOADED", "s1: OVERLOADED", "s2: OVERLOADED");
    }

    private Closeable enter(String caller, String name) {
        return bodies.enter(caller, reason -> ended.add(name + ": " + codeOf(reason)));
    }

    private static String codeOf(RuntimeException reason) {
        return ((RejectedRequestException) reason).code().toString();
    }
}
