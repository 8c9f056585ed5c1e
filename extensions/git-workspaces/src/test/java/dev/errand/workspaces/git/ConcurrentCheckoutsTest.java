package dev.errand.workspaces.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.workspace.Workspace;
import dev.errand.spi.workspace.WorkspaceException;
import dev.errand.spi.workspace.WorkspaceException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

/** Many runs on one repository. */
class ConcurrentCheckoutsTest extends AbstractWorkspaceTest {

    private static final int RUNS = 8;
    private static final String TOKEN = "planted-git-token";

    @Test
    void eightRunsAtOnceFetchOnceAndAreIndependent() throws Exception {
        try (GitHttpServer server =
                GitHttpServer.start(root.resolve("remote"), "x-access-token", TOKEN)) {
            GitWorkspaces workspaces =
                    open(
                            GitWorkspaces.builder(
                                    cache(), RepositoryLocations.ofTemplate(server.template())));

            List<Workspace> prepared = new ArrayList<>();
            for (Future<Workspace> run : prepareAtOnce(workspaces, request -> true)) {
                prepared.add(run.get());
            }

            assertThat(server.commands()).containsOnlyOnce("fetch");
            assertThat(leftovers()).isEmpty();
            for (int run = 0; run < RUNS; run++) {
                Shell.run(prepared.get(run).directory(), "echo " + run + " > own");
            }
            for (int run = 0; run < RUNS; run++) {
                Workspace workspace = prepared.get(run);
                assertThat(workspace.directory().resolve("own")).hasContent("" + run);
                assertThat(Shell.run(workspace.directory(), "git status --porcelain"))
                        .isEqualTo("?? own");
            }
            long before = FileTrees.size(cache().resolve("mirrors"));
            prepared.forEach(workspace -> workspaces.discard(workspace.sandbox()));
            assertThat(FileTrees.files(root.resolve("sandboxes"))).isEmpty();
            assertThat(FileTrees.entries(cache().resolve("workspaces"))).isEmpty();
            assertThat(FileTrees.size(cache().resolve("mirrors"))).isEqualTo(before);
        }
    }

    @Test
    void runsAtOnceDoNotShareTheirAccess() throws Exception {
        try (GitHttpServer server =
                GitHttpServer.start(root.resolve("remote"), "x-access-token", TOKEN)) {
            GitWorkspaces workspaces =
                    open(
                            GitWorkspaces.builder(
                                    cache(), RepositoryLocations.ofTemplate(server.template())));

            List<Future<Workspace>> runs = prepareAtOnce(workspaces, run -> run % 2 == 0);

            for (int run = 0; run < RUNS; run += 2) {
                assertThat(runs.get(run)).succeedsWithin(Duration.ZERO);
                assertThat(runs.get(run + 1))
                        .failsWithin(Duration.ZERO)
                        .withThrowableOfType(ExecutionException.class)
                        .havingCause()
                        .isInstanceOfSatisfying(
                                WorkspaceException.class,
                                failure ->
                                        assertThat(failure.reason())
                                                .isEqualTo(Reason.AUTHENTICATION_FAILED));
            }
        }
    }

    /** Prepares workspaces at the same time and waits until all calls have returned. */
    private List<Future<Workspace>> prepareAtOnce(GitWorkspaces workspaces, IntPredicate hasToken)
            throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(RUNS);
        try {
            List<Callable<Workspace>> calls = new ArrayList<>();
            for (int run = 0; run < RUNS; run++) {
                Requests request = Requests.of("acme/mobile");
                Requests authorized = hasToken.test(run) ? request.withToken(TOKEN) : request;
                calls.add(() -> prepare(workspaces, authorized));
            }
            return threads.invokeAll(calls, 5, TimeUnit.MINUTES);
        } finally {
            threads.shutdownNow();
        }
    }
}
