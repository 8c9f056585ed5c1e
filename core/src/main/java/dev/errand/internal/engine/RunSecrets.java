package dev.errand.internal.engine;

import dev.errand.spi.Secret;
import dev.errand.spi.run.Run;
import dev.errand.spi.store.StoredRun;
import java.time.Duration;
import java.util.Map;

/** The secrets that are stored beside a run (docs/wire/user-authorship.md#e4). */
public final class RunSecrets {

    /** The name of the caller's GitHub token among the secrets of a run. */
    public static final String GITHUB_USER_TOKEN = "github_user_token";

    /**
     * The value of {@code github_credential_source} in the state of a run that acts with the
     * caller's token (docs/wire/runs.md#f).
     */
    public static final String CALLER_TOKEN = "caller_token";

    private static final Duration LIFETIME = Duration.ofHours(6);

    private RunSecrets() {}

    /** Stores the caller's GitHub token for a run that is about to be inserted. */
    static void store(Engine engine, Run run, Secret githubUserToken) {
        engine.backend()
                .secrets()
                .put(
                        run.project(),
                        run.id(),
                        Map.of(GITHUB_USER_TOKEN, githubUserToken),
                        run.createdAt().plus(LIFETIME));
    }

    /** Erases the secrets of a run. */
    static void erase(Engine engine, Run run) {
        engine.backend().secrets().erase(run.project(), run.id());
    }

    /**
     * Returns whether a run may have secrets. Most runs have none; the check saves a database
     * statement for them. It reads a state key that callers cannot change.
     */
    public static boolean mayHaveSecrets(Run run) {
        return run.state().text().contains(CALLER_TOKEN);
    }

    /** Erases the secrets of a run that has ended and has no sandbox left to stop. */
    public static void eraseIfFinished(Engine engine, StoredRun stored) {
        Run run = stored.run();
        boolean finished = run.status().isTerminal() && stored.entry().isEmpty();
        if (finished && mayHaveSecrets(run)) {
            erase(engine, run);
        }
    }
}
