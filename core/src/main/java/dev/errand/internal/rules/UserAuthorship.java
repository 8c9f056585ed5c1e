package dev.errand.internal.rules;

import dev.errand.spi.run.PrAuthorshipMode;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Decides whether a run may act on GitHub for its user, and with which credential
 * (docs/wire/user-authorship.md#e4).
 */
public final class UserAuthorship {

    /** Row 3: the task of another user, without a token. */
    public static final String CREATOR_REQUIRED =
            "User-authored runs must be started by the task creator, or provide github_user_token.";

    /** Row 6, if users cannot link GitHub accounts. */
    public static final String TOKEN_REQUIRED =
            "github_user_token is required for user-authored cloud runs";

    /** Row 6, if users can link GitHub accounts. */
    public static final String LINK_REQUIRED =
            "Link a GitHub account with repo access before running user-authored cloud tasks.";

    // The first row that applies decides.
    // spotless:off
    private static final List<Row> TABLE =
            List.of(
                    //      row      when                          then
                    new Row("none",  Facts::isNotApplicable,       facts -> new NotApplicable()),
                    new Row("1",     Facts::isWithoutRepository,   facts -> new AllowedWithoutToken()),
                    new Row("2",     Facts::tokenGiven,            facts -> new UseToken()),
                    new Row("3",     Facts::isAnotherUsersTask,    facts -> new Rejected(CREATOR_REQUIRED)),
                    new Row("4",     Facts::hasUsableConnection,   Facts::useConnection),
                    new Row("5",     Facts::hasProjectConnection,  facts -> new AsBot()),
                    new Row("6 a",   Facts::usersCanConnect,       facts -> new Rejected(LINK_REQUIRED)),
                    new Row("6 b",   facts -> true,                facts -> new Rejected(TOKEN_REQUIRED)));
    // spotless:on

    private UserAuthorship() {}

    /**
     * The facts that the decision depends on. If the host has no GitHub connections, {@code
     * callerIsCreator} and the last three are not used.
     *
     * @param cloud whether the run is a cloud run
     * @param effectiveMode the authorship of the request, or else the inherited one
     * @param hasRepository whether the task has a repository
     * @param tokenGiven whether the request carries {@code github_user_token}
     * @param connectionsConfigured whether the host provides GitHub connections
     * @param callerIsCreator whether the caller created the task
     * @param usableConnection the creator's connection with access to the repository
     * @param taskOrProjectHasConnection whether the task or the project has a project-level
     *     connection
     * @param offersUserConnections whether users can link GitHub accounts
     */
    public record Facts(
            boolean cloud,
            Optional<PrAuthorshipMode> effectiveMode,
            boolean hasRepository,
            boolean tokenGiven,
            boolean connectionsConfigured,
            boolean callerIsCreator,
            Optional<UUID> usableConnection,
            boolean taskOrProjectHasConnection,
            boolean offersUserConnections) {

        /** Requires that no component is null. */
        public Facts {
            Objects.requireNonNull(effectiveMode, "effectiveMode");
            Objects.requireNonNull(usableConnection, "usableConnection");
        }

        private boolean isNotApplicable() {
            return !cloud || !effectiveMode.equals(Optional.of(PrAuthorshipMode.USER));
        }

        private boolean isWithoutRepository() {
            return !hasRepository;
        }

        // These conditions apply only if the host provides GitHub connections.

        private boolean isAnotherUsersTask() {
            return connectionsConfigured && !callerIsCreator;
        }

        private boolean hasUsableConnection() {
            return connectionsConfigured && usableConnection.isPresent();
        }

        private boolean hasProjectConnection() {
            return connectionsConfigured && taskOrProjectHasConnection;
        }

        private boolean usersCanConnect() {
            return connectionsConfigured && offersUserConnections;
        }

        private Decision useConnection() {
            return new UseConnection(usableConnection.orElseThrow());
        }
    }

    /** The decision. */
    public sealed interface Decision {}

    /** The run is local, or does not act for its user. */
    public record NotApplicable() implements Decision {}

    /** Row 1: the task has no repository, so no credential is needed. */
    public record AllowedWithoutToken() implements Decision {}

    /** Row 2: the run uses the token of the request, which is stored for it. */
    public record UseToken() implements Decision {}

    /**
     * Row 4: the run uses a connection of the creator, which is recorded on the task.
     *
     * @param connection the user-level connection
     */
    public record UseConnection(UUID connection) implements Decision {

        /** Requires that no component is null. */
        public UseConnection {
            Objects.requireNonNull(connection, "connection");
        }
    }

    /** Row 5: the run acts as the bot. */
    public record AsBot() implements Decision {}

    /**
     * Rows 3 and 6: the request is rejected with {@code github_authorization_required}.
     *
     * @param text the text of the error
     */
    public record Rejected(String text) implements Decision {

        /** Requires that no component is null. */
        public Rejected {
            Objects.requireNonNull(text, "text");
        }
    }

    /** Returns the decision of the first row that applies. */
    public static Decision decide(Facts facts) {
        return row(facts).then().apply(facts);
    }

    /** Returns the first row that applies. The last row always does. */
    static Row row(Facts facts) {
        for (Row row : TABLE) {
            if (row.when().test(facts)) {
                return row;
            }
        }
        throw new AssertionError("the last row always applies");
    }

    /** The names of the rows in order, for tests. */
    static List<String> rowNames() {
        return TABLE.stream().map(Row::name).toList();
    }

    record Row(String name, Predicate<Facts> when, Function<Facts, Decision> then) {}
}
