package dev.errand.internal.engine;

import dev.errand.spi.Secret;
import dev.errand.spi.run.Run;
import java.time.Duration;
import java.util.Map;

/** The secrets that a run may have (contract E4). */
public final class RunSecrets {

    /** The name of the caller's GitHub token. */
    public static final String GITHUB_USER_TOKEN = "github_user_token";

    /**
     * What the state's {@code github_credential_source} says of a run that acts with that token
     * (contract F).
     */
    public static final String CALLER_TOKEN = "caller_token";

    /** How long it is kept. */
    public static final Duration KEPT_FOR = Duration.ofHours(6);

    private RunSecrets() {}

    /**
     * Whether a run may have secrets. No caller can change what its state says of that; most runs
     * have none, and cost no step.
     */
    public static boolean mayBelongTo(Run run) {
        return run.state().text().contains(CALLER_TOKEN);
    }

    /** Erases the secrets of a run that has ended and whose sandbox nobody has to stop. */
    public static void eraseIfOver(Engine engine, Run run) {
        boolean over = run.status().isTerminal() && !run.dispatch().phase().isActive();
        if (over && mayBelongTo(run)) {
            engine.backend().secrets().erase(run.project(), run.id());
        }
    }

    public static Map<String, Secret> of(Secret githubUserToken) {
        return Map.of(GITHUB_USER_TOKEN, githubUserToken);
    }
}
