package dev.errand.internal.engine;

import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.Violation;
import dev.errand.internal.rules.RunSettings;
import dev.errand.internal.rules.UserAuthorship;
import dev.errand.spi.Secret;
import dev.errand.spi.project.GithubConnections;
import dev.errand.spi.run.PrAuthorshipMode;
import dev.errand.spi.task.Task;
import java.util.Optional;
import java.util.UUID;

/**
 * Determines the GitHub identity of a new run: looks up the facts that {@link UserAuthorship}
 * decides on, and applies its decision.
 */
record AuthorshipResolver(Engine engine, AccessControl access) {

    private static final String SERVER_INTEGRATION = "server_integration";

    /**
     * The GitHub identity of a run.
     *
     * @param settings the settings of the run, with the authorship that was decided
     * @param token the token to store for the run
     * @param credentialSource the value of {@code github_credential_source} in its state
     * @param connection the user's GitHub connection that the run uses
     */
    record Identity(
            RunSettings settings,
            Optional<Secret> token,
            Optional<String> credentialSource,
            Optional<UUID> connection) {

        private static Identity withoutCredential(RunSettings settings) {
            return new Identity(settings, Optional.empty(), Optional.empty(), Optional.empty());
        }

        private static Identity withToken(RunSettings settings, Secret token) {
            return new Identity(
                    settings,
                    Optional.of(token),
                    Optional.of(RunSecrets.CALLER_TOKEN),
                    Optional.empty());
        }

        private static Identity withConnection(RunSettings settings, UUID connection) {
            return new Identity(
                    settings,
                    Optional.empty(),
                    Optional.of(SERVER_INTEGRATION),
                    Optional.of(connection));
        }
    }

    /**
     * Returns the identity of a run with these settings.
     *
     * @param cloud whether it is a cloud run
     * @param token the token of the request
     * @throws InvalidRequestException if the run may not act for its user
     */
    Identity resolve(Task task, RunSettings settings, boolean cloud, Optional<Secret> token) {
        UserAuthorship.Decision decision =
                UserAuthorship.decide(facts(task, settings, cloud, token.isPresent()));
        if (decision instanceof UserAuthorship.Rejected rejected) {
            throw InvalidRequestException.of(
                    Violation.of(
                            ErrorCode.GITHUB_AUTHORIZATION_REQUIRED,
                            "pr_authorship_mode",
                            rejected.text()));
        }
        if (decision instanceof UserAuthorship.UseConnection use) {
            return Identity.withConnection(settings, use.connection());
        }
        if (decision instanceof UserAuthorship.AsBot) {
            return Identity.withoutCredential(settings.authoredBy(PrAuthorshipMode.BOT));
        }
        // A token is stored only for a run that acts for its user
        // (docs/wire/user-authorship.md#e4).
        return isUserAuthored(settings) && token.isPresent()
                ? Identity.withToken(settings, token.get())
                : Identity.withoutCredential(settings);
    }

    private UserAuthorship.Facts facts(
            Task task, RunSettings settings, boolean cloud, boolean tokenGiven) {
        Optional<String> repository = task.details().repository().filter(name -> !name.isEmpty());
        Optional<GithubConnections> connections = engine.directory().githubConnections();
        boolean callerIsCreator =
                task.createdBy().isPresent() && task.createdBy().equals(access.caller().user());
        // Only the connections that the decision depends on are requested from the host.
        boolean lookUp = cloud && isUserAuthored(settings) && repository.isPresent() && !tokenGiven;
        Optional<GithubConnections> requested = lookUp ? connections : Optional.empty();
        Optional<UUID> usable =
                requested
                        .filter(github -> callerIsCreator)
                        .flatMap(
                                github ->
                                        github.usableConnection(
                                                access.project(),
                                                task.createdBy().orElseThrow(),
                                                task.details().githubUserIntegration(),
                                                repository.orElseThrow()));
        boolean hasProjectConnection =
                lookUp && task.details().githubIntegration().isPresent()
                        || requested
                                .filter(github -> github.hasProjectConnection(access.project()))
                                .isPresent();
        boolean offersUserConnections =
                requested
                        .filter(github -> github.offersUserConnections(access.project()))
                        .isPresent();
        return new UserAuthorship.Facts(
                cloud,
                settings.authorship(),
                repository.isPresent(),
                tokenGiven,
                connections.isPresent(),
                callerIsCreator,
                usable,
                hasProjectConnection,
                offersUserConnections);
    }

    private static boolean isUserAuthored(RunSettings settings) {
        return settings.authorship().equals(Optional.of(PrAuthorshipMode.USER));
    }
}
