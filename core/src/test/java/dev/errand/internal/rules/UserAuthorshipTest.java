package dev.errand.internal.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.internal.rules.UserAuthorship.AllowedWithoutToken;
import dev.errand.internal.rules.UserAuthorship.AsBot;
import dev.errand.internal.rules.UserAuthorship.Decision;
import dev.errand.internal.rules.UserAuthorship.Facts;
import dev.errand.internal.rules.UserAuthorship.NotApplicable;
import dev.errand.internal.rules.UserAuthorship.Refused;
import dev.errand.internal.rules.UserAuthorship.UseConnection;
import dev.errand.internal.rules.UserAuthorship.UseToken;
import dev.errand.spi.run.PrAuthorshipMode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class UserAuthorshipTest {

    private static final UUID CONNECTION = UUID.fromString("5f0c1d9e-2b7a-4c38-9e61-7d4b8a2f6c05");

    private static final Refused CREATOR =
            new Refused(
                    "User-authored runs must be started by the task creator, or provide github_user_token.");
    private static final Refused TOKEN =
            new Refused("github_user_token is required for user-authored cloud runs");
    private static final Refused LINK =
            new Refused(
                    "Link a GitHub account with repo access before running user-authored cloud tasks.");

    static List<Facts> everyCombination() {
        List<Facts> all = new ArrayList<>();
        for (int mode = 0; mode < 3; mode++) {
            for (int bits = 0; bits < 1 << 8; bits++) {
                all.add(
                        new Facts(
                                (bits & 1) != 0,
                                mode == 2
                                        ? Optional.empty()
                                        : Optional.of(PrAuthorshipMode.values()[mode]),
                                (bits & 2) != 0,
                                (bits & 4) != 0,
                                (bits & 8) != 0,
                                (bits & 16) != 0,
                                (bits & 32) != 0 ? Optional.of(CONNECTION) : Optional.empty(),
                                (bits & 64) != 0,
                                (bits & 128) != 0));
            }
        }
        return all;
    }

    /** The same rule, written as nested conditions. */
    private static Decision expectedDecision(Facts facts) {
        boolean user = facts.effectiveMode().filter(PrAuthorshipMode.USER::equals).isPresent();
        if (!user || !facts.cloud()) {
            return new NotApplicable();
        }
        if (facts.hasRepository() && !facts.tokenGiven()) {
            return facts.connectionsConfigured() ? withConnections(facts) : TOKEN;
        }
        return facts.hasRepository() ? new UseToken() : new AllowedWithoutToken();
    }

    private static Decision withConnections(Facts facts) {
        if (!facts.callerIsCreator()) {
            return CREATOR;
        }
        if (facts.usableConnection().isPresent()) {
            return new UseConnection(facts.usableConnection().get());
        }
        if (facts.taskOrProjectHasConnection()) {
            return new AsBot();
        }
        return facts.offersUserConnections() ? LINK : TOKEN;
    }

    @Test
    void everyCombinationOfFactsIsDecidedAsInTheContract() {
        assertThat(everyCombination()).hasSize(768).doesNotHaveDuplicates();
        assertThat(everyCombination())
                .allSatisfy(
                        facts ->
                                assertThat(UserAuthorship.decide(facts))
                                        .isEqualTo(expectedDecision(facts)));
    }

    @Test
    void everyRowIsReached() {
        Set<String> reached = new HashSet<>();
        everyCombination().forEach(facts -> reached.add(UserAuthorship.row(facts).name()));
        assertThat(UserAuthorship.rowNames()).doesNotHaveDuplicates();
        assertThat(reached).containsExactlyInAnyOrderElementsOf(UserAuthorship.rowNames());
    }

    private record Example(String row, Facts facts, Decision decision) {}

    static List<Example> rows() {
        Optional<PrAuthorshipMode> user = Optional.of(PrAuthorshipMode.USER);
        Optional<PrAuthorshipMode> bot = Optional.of(PrAuthorshipMode.BOT);
        Optional<UUID> none = Optional.empty();
        Optional<UUID> own = Optional.of(CONNECTION);
        // spotless:off
        return List.of(
            //                            cloud  mode              repo   token  port   creator own   project offers
            new Example("none", new Facts(false, user,             true,  false, true,  false, none, false, true),  new NotApplicable()),
            new Example("none", new Facts(true,  bot,              true,  true,  true,  false, none, false, true),  new NotApplicable()),
            new Example("none", new Facts(true,  Optional.empty(), true,  true,  true,  false, none, false, true),  new NotApplicable()),
            new Example("1",    new Facts(true,  user,             false, true,  true,  false, own,  true,  true),  new AllowedWithoutToken()),
            new Example("2",    new Facts(true,  user,             true,  true,  true,  false, own,  true,  true),  new UseToken()),
            new Example("3",    new Facts(true,  user,             true,  false, true,  false, own,  true,  true),  CREATOR),
            new Example("4",    new Facts(true,  user,             true,  false, true,  true,  own,  true,  true),  new UseConnection(CONNECTION)),
            new Example("5",    new Facts(true,  user,             true,  false, true,  true,  none, true,  true),  new AsBot()),
            new Example("6 a",  new Facts(true,  user,             true,  false, true,  true,  none, false, true),  LINK),
            new Example("6 b",  new Facts(true,  user,             true,  false, true,  true,  none, false, false), TOKEN),
            new Example("6 b",  new Facts(true,  user,             true,  false, false, false, own,  true,  true),  TOKEN));
        // spotless:on
    }

    @ParameterizedTest
    @MethodSource("rows")
    void theFirstRowThatAppliesDecides(Example example) {
        assertThat(UserAuthorship.row(example.facts()).name()).isEqualTo(example.row());
        assertThat(UserAuthorship.decide(example.facts())).isEqualTo(example.decision());
    }
}
