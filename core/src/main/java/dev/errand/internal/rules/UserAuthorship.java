package dev.errand.internal.rules;

import dev.errand.spi.run.PrAuthorshipMode;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;

/** In whose name a run that asks for its user may go ahead: the decision table of contract E4. */
public final class UserAuthorship {

    /** Row 3: somebody else's task, and no token. */
    public static final String CREATOR_REQUIRED =
            "User-authored runs must be started by the task creator, or provide github_user_token.";

    /** Row 6 where users cannot link accounts at all. */
    public static final String TOKEN_REQUIRED =
            "github_user_token is required for user-authored cloud runs";

    /** Row 6 where users can link accounts. */
    public static final String LINK_REQUIRED =
            "Link a GitHub account with repo access before running user-authored cloud tasks.";

    // The first row that holds decides.
    // spotless:off
    private static final List<Row> TABLE =
            List.of(
                    //      row      when                         then
                    new Row("none",  Facts::isOutsideTheRule,     facts -> new NotApplicable()),
                    new Row("1",     Facts::isWithoutRepository,  facts -> new AllowedWithoutToken()),
                    new Row("2",     Facts::tokenGiven,           facts -> new UseToken()),
                    new Row("3",     Facts::isAnotherUsersTask,   facts -> new Refused(CREATOR_REQUIRED)),
                    new Row("4",     Facts::creatorConnects,      Facts::useConnection),
                    new Row("5",     Facts::projectConnects,      facts -> new AsBot()),
                    new Row("6 a",   Facts::usersCanConnect,      facts -> new Refused(LINK_REQUIRED)),
                    new Row("6 b",   facts -> true,               facts -> new Refused(TOKEN_REQUIRED)));
    // spotless:on

    private UserAuthorship() {}

    /**
     * What the table looks at (contract E4). Without configured connections the last three and
     * {@code callerIsCreator} have no influence.
     *
     * @param cloud whether the run is a cloud run
     * @param effectiveMode the request's mode, else the inherited one; an absent one is never
     *     {@code user} here
     * @param hasRepository whether the task has a repository
     * @param tokenGiven whether the request carries {@code github_user_token}
     * @param connectionsConfigured whether the host has a port for GitHub look-ups
     * @param callerIsCreator whether the caller created the task
     * @param usableConnection the creator's own connection that reaches the repository
     * @param taskOrProjectHasConnection whether the task has, or the project offers, a
     *     project-level connection
     * @param offersUserConnections whether the host has user-level connections at all
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

        /** Refuses null. */
        public Facts {
            Objects.requireNonNull(effectiveMode, "effectiveMode");
            Objects.requireNonNull(usableConnection, "usableConnection");
        }

        private boolean isOutsideTheRule() {
            return !cloud || !effectiveMode.equals(Optional.of(PrAuthorshipMode.USER));
        }

        private boolean isWithoutRepository() {
            return !hasRepository;
        }

        // The four below are rows of a host with a port for GitHub look-ups, and of no other.

        private boolean isAnotherUsersTask() {
            return connectionsConfigured && !callerIsCreator;
        }

        private boolean creatorConnects() {
            return connectionsConfigured && usableConnection.isPresent();
        }

        private boolean projectConnects() {
            return connectionsConfigured && taskOrProjectHasConnection;
        }

        private boolean usersCanConnect() {
            return connectionsConfigured && offersUserConnections;
        }

        private Decision useConnection() {
            return new UseConnection(usableConnection.orElseThrow());
        }
    }

    /** How the run goes ahead, or why it does not (contract E4). */
    public sealed interface Decision {}

    /** The run is local, or does not ask for its user: the rule has nothing to say. */
    public record NotApplicable() implements Decision {}

    /** Row 1: there is no repository, so nobody's authority is needed. */
    public record AllowedWithoutToken() implements Decision {}

    /** Row 2: the run acts with the token of the request, which is kept for it. */
    public record UseToken() implements Decision {}

    /**
     * Row 4: the run acts through the creator's connection, which becomes the task's.
     *
     * @param connection the user-level connection
     */
    public record UseConnection(UUID connection) implements Decision {

        /** Refuses null. */
        public UseConnection {
            Objects.requireNonNull(connection, "connection");
        }
    }

    /** Row 5: the run goes ahead authored by the bot, and its state says so. */
    public record AsBot() implements Decision {}

    /**
     * Rows 3 and 6: the run is refused with {@code github_authorization_required}.
     *
     * @param text the text of the error
     */
    public record Refused(String text) implements Decision {

        /** Refuses null. */
        public Refused {
            Objects.requireNonNull(text, "text");
        }
    }

    /** The decision of the first row that holds (contract E4). */
    public static Decision decide(Facts facts) {
        return row(facts).then().apply(facts);
    }

    /** The first row that holds; the last row holds always. */
    public static Row row(Facts facts) {
        for (Row row : TABLE) {
            if (row.when().test(facts)) {
                return row;
            }
        }
        throw new AssertionError("the last row holds always");
    }

    /** The names of the rows in their order, for the test that walks each of them. */
    public static List<String> rowNames() {
        return TABLE.stream().map(Row::name).toList();
    }

    public record Row(String name, Predicate<Facts> when, Function<Facts, Decision> then) {}
}
