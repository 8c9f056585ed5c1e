package dev.errand.workspaces.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.workspace.Workspace;
import dev.errand.spi.workspace.WorkspaceException;
import dev.errand.spi.workspace.WorkspaceException.Reason;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Calls that are ended while a server does not answer. */
class EndedCallsTest extends AbstractWorkspaceTest {

    private static final String TOKEN = "planted-git-token";

    /** How a call is ended. */
    private interface End {
        void end(GitWorkspaces workspaces, Thread caller);
    }

    @Test
    void anInterruptEndsACall() throws Exception {
        assertEnds((workspaces, caller) -> caller.interrupt());
    }

    @Test
    void closingTheProviderEndsItsCalls() throws Exception {
        assertEnds((workspaces, caller) -> workspaces.close());
    }

    private void assertEnds(End end) throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch mayAnswer = new CountDownLatch(1);
        try (GitHttpServer server =
                GitHttpServer.start(root.resolve("remote"), "x-access-token", TOKEN)) {
            server.duringRequest(
                    () -> {
                        asked.countDown();
                        awaitQuietly(mayAnswer);
                    });
            GitWorkspaces workspaces =
                    open(
                            GitWorkspaces.builder(
                                    cache(), RepositoryLocations.ofTemplate(server.template())));
            FutureTask<Workspace> call =
                    new FutureTask<>(
                            () -> prepare(workspaces, Requests.of("acme/mobile").withToken(TOKEN)));
            Thread caller = new Thread(call);
            caller.start();
            assertThat(asked.await(1, TimeUnit.MINUTES)).isTrue();

            end.end(workspaces, caller);

            assertThat(call)
                    .failsWithin(Duration.ofSeconds(20))
                    .withThrowableOfType(ExecutionException.class)
                    .havingCause()
                    .isInstanceOfSatisfying(
                            WorkspaceException.class,
                            failure ->
                                    assertThat(failure.reason())
                                            .isIn(Reason.FAILED, Reason.UNREACHABLE));
            assertThat(leftovers()).isEmpty();
        } finally {
            mayAnswer.countDown();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }
}
